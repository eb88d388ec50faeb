const express = require('express');
const net = require('net');
const contentDisposition = require('content-disposition');

const app = express();

app.get('/download', (req, res) => {
  // ruleid: javascript.injection.response-header-from-request
  res.setHeader('Content-Disposition', 'attachment; filename=' + req.query.name);
  res.end('data');
});

app.get('/theme', (req, res) => {
  const { theme } = req.query;
  // ruleid: javascript.injection.response-header-from-request
  res.set('X-Theme', theme);
  // ruleid: javascript.injection.response-header-from-request
  res.set(req.query.header, 'on');
  res.sendStatus(204);
});

function remember(res, value) {
  // ruleid: javascript.injection.response-header-from-request
  res.append('Set-Cookie', `last=${value}; Path=/`);
}

app.get('/remember', (req, res) => {
  remember(res, req.query.value);
  res.sendStatus(204);
});

app.get('/download-safe', (req, res) => {
  // ok: javascript.injection.response-header-from-request
  res.setHeader('Content-Disposition', contentDisposition(req.query.name));
  // ok: javascript.injection.response-header-from-request
  res.setHeader('X-Name', encodeURIComponent(req.query.name));
  res.end('data');
});

app.get('/type', (req, res) => {
  const types = { json: 'application/json', text: 'text/plain' };
  const type = req.query.type === 'json' ? types.json : types.text;
  // ok: javascript.injection.response-header-from-request
  res.setHeader('Content-Type', type);
  res.end('data');
});

app.get('/cache', (req, res) => {
  const headers = new Map();
  // ok: javascript.injection.response-header-from-request
  headers.set('x-theme', req.query.theme);
  res.json([...headers.keys()]);
});
