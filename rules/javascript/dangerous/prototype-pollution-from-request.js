const express = require('express');
const _ = require('lodash');
const merge = require('lodash/merge');
const deepExtend = require('deep-extend');

const app = express();
const settings = { theme: 'light' };

app.put('/settings', (req, res) => {
  // ruleid: javascript.dangerous.prototype-pollution-from-request
  _.merge(settings, req.body);
  res.json(settings);
});

app.patch('/settings', (req, res) => {
  const changes = JSON.parse(req.body.changes);
  // ruleid: javascript.dangerous.prototype-pollution-from-request
  merge({}, settings, changes);
  res.json(settings);
});

app.post('/settings/path', (req, res) => {
  // ruleid: javascript.dangerous.prototype-pollution-from-request
  _.set(settings, req.body.path, req.body.value);
  res.json(settings);
});

function assign(target, section, name, value) {
  // ruleid: javascript.dangerous.prototype-pollution-from-request
  target[section][name] = value;
}

app.post('/settings/:section/:name', (req, res) => {
  assign(settings, req.params.section, req.params.name, req.body.value);
  res.json(settings);
});

app.post('/extend', (req, res) => {
  // ruleid: javascript.dangerous.prototype-pollution-from-request
  deepExtend(settings, req.query);
  res.json(settings);
});

app.put('/settings-safe', (req, res) => {
  // ok: javascript.dangerous.prototype-pollution-from-request
  _.merge(settings, _.pick(req.body, ['theme', 'language']));
  // ok: javascript.dangerous.prototype-pollution-from-request
  _.merge(settings, { theme: req.body.theme === 'dark' ? 'dark' : 'light' });
  // ok: javascript.dangerous.prototype-pollution-from-request
  _.set(settings, 'theme', req.body.theme);
  res.json(settings);
});

app.post('/section', (req, res) => {
  const section = req.body.section;
  if (section === '__proto__' || section === 'constructor') {
    return res.sendStatus(400);
  }
  // ok: javascript.dangerous.prototype-pollution-from-request
  settings[section]['seen'] = true;
  res.json(settings);
});

app.put('/settings-schema', (req, res) => {
  const values = schema.parse(req.body);
  // ok: javascript.dangerous.prototype-pollution-from-request
  _.merge(settings, values);
  res.json(settings);
});
