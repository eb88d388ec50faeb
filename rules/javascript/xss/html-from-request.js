const express = require('express');
const escapeHtml = require('escape-html');
const Koa = require('koa');
const http = require('http');

const app = express();

app.get('/hello', (req, res) => {
  // ruleid: javascript.xss.html-from-request
  res.send('<h1>Hello ' + req.query.name + '</h1>');
});

app.get('/echo/:text', (req, res) => {
  const { text } = req.params;
  // ruleid: javascript.xss.html-from-request
  res.status(200).send(`You said ${text}`);
});

function page(title) {
  return `<html><title>${title}</title></html>`;
}

app.post('/page', (req, res) => {
  // ruleid: javascript.xss.html-from-request
  res.send(page(req.body.title));
});

http.createServer((req, res) => {
  res.setHeader('Content-Type', 'text/html');
  // ruleid: javascript.xss.html-from-request
  res.end('<p>No page ' + req.url + '</p>');
});

const koa = new Koa();

koa.use(async (ctx) => {
  // ruleid: javascript.xss.html-from-request
  ctx.body = `<p>${ctx.query.q}</p>`;
});

app.get('/hello-safe', (req, res) => {
  // ok: javascript.xss.html-from-request
  res.send('<h1>Hello ' + escapeHtml(req.query.name) + '</h1>');
  // ok: javascript.xss.html-from-request
  res.json({ name: req.query.name });
  // ok: javascript.xss.html-from-request
  res.send({ name: req.query.name });
});

app.get('/plain', (req, res) => {
  res.type('text/plain');
  // ok: javascript.xss.html-from-request
  res.send('Hello ' + req.query.name);
});

app.get('/user/:id', async (req, res) => {
  const user = await User.findById(req.params.id);
  // ok: javascript.xss.html-from-request
  res.send(user);
});

app.get('/length', (req, res) => {
  const count = parseInt(req.query.count, 10);
  // ok: javascript.xss.html-from-request
  res.send(`<p>${count} items</p>`);
});

app.post('/save', (req, res) => {
  // ok: javascript.xss.html-from-request
  res.send(req.body.kind === 'a' ? '<b>A</b>' : '<b>B</b>');
});

http.createServer((req, res) => {
  res.writeHead(200, { 'Content-Type': 'application/json' });
  // ok: javascript.xss.html-from-request
  res.end('{"path": "' + req.url + '"}');
});
