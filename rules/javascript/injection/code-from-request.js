const vm = require('vm');
const express = require('express');
const fastify = require('fastify')();

const app = express();

app.get('/calc', (req, res) => {
  // ruleid: javascript.injection.code-from-request
  res.json({ result: eval(req.query.formula) });
});

app.post('/rule', (req, res) => {
  const { condition } = req.body;
  // ruleid: javascript.injection.code-from-request
  const check = new Function('order', 'return ' + condition);
  res.json({ ok: check(req.body.order) });
});

fastify.post('/script', async (request, reply) => {
  // ruleid: javascript.injection.code-from-request
  return vm.runInNewContext(request.body.script, {});
});

function evaluate(expression) {
  // ruleid: javascript.injection.code-from-request
  return eval('(' + expression + ')');
}

app.post('/parse', (req, res) => {
  res.json(evaluate(req.body.text));
});

app.get('/later', (req, res) => {
  // ruleid: javascript.injection.code-from-request
  setTimeout("notify('" + req.query.name + "')", 1000);
  res.sendStatus(204);
});

app.post('/parse-safe', (req, res) => {
  // ok: javascript.injection.code-from-request
  res.json(JSON.parse(req.body.text));
});

const operations = { add: (a, b) => a + b, mul: (a, b) => a * b };

app.get('/constant', (req, res) => {
  // ok: javascript.injection.code-from-request
  const total = eval('1 + 1');
  res.json({ total, asked: req.query.formula });
});

app.get('/timer', (req, res) => {
  // ok: javascript.injection.code-from-request
  setTimeout(() => notify(req.query.name), 1000);
  // ok: javascript.injection.code-from-request
  setTimeout(notify.bind(null, req.query.name), 1000);
  res.sendStatus(204);
});

app.get('/number', (req, res) => {
  const value = Number(req.query.value);
  // ok: javascript.injection.code-from-request
  res.json({ result: eval(`${value} * 2`) });
});
