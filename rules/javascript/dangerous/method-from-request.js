const express = require('express');

const app = express();
const actions = { start: () => 'started', stop: () => 'stopped' };

app.post('/run', (req, res) => {
  // ruleid: javascript.dangerous.method-from-request
  res.json(actions[req.body.action]());
});

app.get('/call/:name', (req, res) => {
  const { name } = req.params;
  // ruleid: javascript.dangerous.method-from-request
  const method = actions[name];
  res.json(method(req.query));
});

function dispatch(service, name, args) {
  // ruleid: javascript.dangerous.method-from-request
  return service[name](...args);
}

app.post('/rpc', (req, res) => {
  res.json(dispatch(actions, req.body.method, req.body.args));
});

app.post('/run-checked', (req, res) => {
  const action = req.body.action;
  if (!Object.hasOwn(actions, action)) {
    return res.sendStatus(404);
  }
  // ok: javascript.dangerous.method-from-request
  res.json(actions[action]());
});

const table = new Map(Object.entries(actions));

app.post('/run-map', (req, res) => {
  const action = table.get(req.body.action);
  // ok: javascript.dangerous.method-from-request
  res.json(action ? action() : null);
});

app.post('/run-fixed', (req, res) => {
  const name = req.body.on === 'yes' ? 'start' : 'stop';
  // ok: javascript.dangerous.method-from-request
  res.json(actions[name]());
});
