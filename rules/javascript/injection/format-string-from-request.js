const util = require('util');
const express = require('express');

const app = express();

app.get('/state', (req, res) => {
  // ruleid: javascript.injection.format-string-from-request
  console.log(`state of ${req.query.name}`, res.locals.state);
  res.sendStatus(204);
});

app.post('/message', (req, res) => {
  const { text } = req.body;
  // ruleid: javascript.injection.format-string-from-request
  res.json({ line: util.format(text, Date.now()) });
});

function report(title, details) {
  // ruleid: javascript.injection.format-string-from-request
  console.error(title + ' failed', details);
}

app.post('/job', (req, res) => {
  report(req.body.job, new Error('stopped'));
  res.sendStatus(204);
});

app.get('/state-safe', (req, res) => {
  // ok: javascript.injection.format-string-from-request
  console.log('state of %s', req.query.name, res.locals.state);
  // ok: javascript.injection.format-string-from-request
  console.log(`state of ${req.query.name}`);
  // ok: javascript.injection.format-string-from-request
  res.json({ line: util.format('%s at %d', req.query.name, Date.now()) });
});
