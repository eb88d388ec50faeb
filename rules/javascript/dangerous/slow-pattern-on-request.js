const express = require('express');

const app = express();

app.post('/name', (req, res) => {
  // ruleid: javascript.dangerous.slow-pattern-on-request
  const valid = /^([a-z]+)+$/.test(req.body.name);
  res.json({ valid });
});

app.get('/search', (req, res) => {
  const { q } = req.query;
  // ruleid: javascript.dangerous.slow-pattern-on-request
  const words = q.match(/^(\w+\s?)*$/);
  res.json({ words });
});

function clean(text) {
  // ruleid: javascript.dangerous.slow-pattern-on-request
  return text.replace(/(x+x+)+y/g, '');
}

app.post('/clean', (req, res) => {
  res.json({ text: clean(req.body.text) });
});

app.post('/name-safe', (req, res) => {
  // ok: javascript.dangerous.slow-pattern-on-request
  const valid = /^[a-z]+$/.test(req.body.name);
  res.json({ valid });
});

app.post('/name-short', (req, res) => {
  // ok: javascript.dangerous.slow-pattern-on-request
  const valid = /^([a-z]+)+$/.test(req.body.name.slice(0, 20));
  res.json({ valid });
});

app.get('/own', (req, res) => {
  // ok: javascript.dangerous.slow-pattern-on-request
  const valid = /^([a-z]+)+$/.test(process.version);
  res.json({ valid, asked: req.query.q });
});
