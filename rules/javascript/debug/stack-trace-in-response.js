const express = require('express');
const app = express();

app.use((err, req, res, next) => {
  // ruleid: javascript.debug.stack-trace-in-response
  res.status(500).send(err.stack);
});

app.get('/report', async (req, res) => {
  try {
    res.json(await build(req.query));
  } catch (e) {
    // ruleid: javascript.debug.stack-trace-in-response
    res.status(500).json({ message: e.message, stack: e.stack });
  }
});

async function koaErrors(ctx, next) {
  try {
    await next();
  } catch (error) {
    // ruleid: javascript.debug.stack-trace-in-response
    ctx.body = { error: error.stack };
  }
}

app.use((err, req, res, next) => {
  // ok: javascript.debug.stack-trace-in-response
  console.error(err.stack);
  // ok: javascript.debug.stack-trace-in-response
  res.status(500).json({ error: 'Internal error' });
});

app.use((err, req, res, next) => {
  // ok: javascript.debug.stack-trace-in-response
  res.status(500).json({ message: err.message, stack: process.env.NODE_ENV === 'production' ? undefined : err.stack });
});

app.use((err, req, res, next) => {
  if (req.app.get('env') === 'development') {
    // ok: javascript.debug.stack-trace-in-response
    res.status(500).send(err.stack);
    return;
  }
  res.sendStatus(500);
});

function fromWorker(err) {
  // ok: javascript.debug.stack-trace-in-response
  process.send({ type: 'error', message: err.stack });
}

function cards(res, deck) {
  // ok: javascript.debug.stack-trace-in-response
  res.json({ top: deck.stack });
}
