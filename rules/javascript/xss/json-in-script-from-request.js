const express = require('express');
const serialize = require('serialize-javascript');

const app = express();

app.get('/', (req, res) => {
  const state = { user: req.query.user, path: req.path };
  // ruleid: javascript.xss.json-in-script-from-request
  res.send(`<div id="app"></div><script>window.state = ${JSON.stringify(state)}</script>`);
});

function page(state) {
  // ruleid: javascript.xss.json-in-script-from-request
  return '<script>window.state = ' + JSON.stringify(state) + '</script>';
}

app.get('/page', (req, res) => {
  res.send(page({ query: req.query }));
});

app.get('/profile/:name', (req, res) => {
  const { name } = req.params;
  // ruleid: javascript.xss.json-in-script-from-request
  const script = `<script>show(${JSON.stringify({ name })})</script>`;
  res.send(script);
});

app.get('/safe', (req, res) => {
  const state = { user: req.query.user };
  // ok: javascript.xss.json-in-script-from-request
  res.send(`<script>window.state = ${JSON.stringify(state).replace(/</g, '\\u003c')}</script>`);
  // ok: javascript.xss.json-in-script-from-request
  res.send(`<script>window.state = ${serialize(state)}</script>`);
});

app.get('/count', (req, res) => {
  const state = { page: Number(req.query.page) };
  // ok: javascript.xss.json-in-script-from-request
  res.send(`<script>window.state = ${JSON.stringify(state)}</script>`);
});

app.get('/json', (req, res) => {
  // ok: javascript.xss.json-in-script-from-request
  res.type('json').send(`{"user": ${JSON.stringify(req.query.user)}}`);
});
