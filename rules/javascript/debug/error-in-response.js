const express = require('express');
const util = require('util');

const app = express();

app.get('/users', async (req, res) => {
  try {
    res.json(await load());
  } catch (error) {
    // ruleid: javascript.debug.error-in-response
    res.status(500).json({ error });
  }
});

app.get('/orders', (req, res) => {
  db.query('SELECT * FROM orders', (err, rows) => {
    if (err) {
      // ruleid: javascript.debug.error-in-response
      return res.status(500).send(err);
    }
    // ok: javascript.debug.error-in-response
    res.json(rows);
  });
});

function fail(res, problem) {
  // ruleid: javascript.debug.error-in-response
  res.status(500).send(util.inspect(problem));
}

app.get('/items', async (req, res) => {
  try {
    res.json(await load());
  } catch (e) {
    fail(res, e);
  }
});

app.get('/users-safe', async (req, res) => {
  try {
    res.json(await load());
  } catch (error) {
    console.error(error);
    // ok: javascript.debug.error-in-response
    res.status(500).json({ message: 'Something went wrong' });
  }
});

app.get('/status', async (req, res) => {
  try {
    res.json(await load());
  } catch (error) {
    // ok: javascript.debug.error-in-response
    res.status(error.status || 500).json({ message: error.message });
  }
});

app.get('/known', async (req, res) => {
  try {
    res.json(await load());
  } catch (error) {
    const known = error.code === 'ENOENT';
    // ok: javascript.debug.error-in-response
    res.status(known ? 404 : 500).json({ known });
  }
});
