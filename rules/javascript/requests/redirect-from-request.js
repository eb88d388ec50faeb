const express = require('express');
const http = require('http');

const app = express();

app.get('/login', (req, res) => {
  // ruleid: javascript.requests.redirect-from-request
  res.redirect(req.query.next);
});

app.post('/login', (req, res) => {
  const { returnTo } = req.body;
  // ruleid: javascript.requests.redirect-from-request
  res.redirect(302, returnTo || '/');
});

function leave(res, target) {
  // ruleid: javascript.requests.redirect-from-request
  res.writeHead(302, { Location: target });
  res.end();
}

app.get('/out', (req, res) => leave(res, req.query.url));

app.get('/site', (req, res) => {
  // ruleid: javascript.requests.redirect-from-request
  res.redirect(`https://${req.query.host}/welcome`);
});

app.get('/user', (req, res) => {
  // ok: javascript.requests.redirect-from-request
  res.redirect(`/users/${req.query.id}`);
  // ok: javascript.requests.redirect-from-request
  res.redirect('/search?q=' + encodeURIComponent(req.query.q));
});

app.get('/known', (req, res) => {
  const targets = { home: '/', cart: '/cart' };
  // ok: javascript.requests.redirect-from-request
  res.redirect(req.query.to === 'cart' ? targets.cart : targets.home);
});

app.get('/checked', (req, res) => {
  const next = req.query.next;
  if (next.startsWith('/') && !next.startsWith('//')) {
    // ok: javascript.requests.redirect-from-request
    return res.redirect(next);
  }
  // ok: javascript.requests.redirect-from-request
  res.redirect('/');
});

app.use((req, res) => {
  // ok: javascript.requests.redirect-from-request
  res.redirect('https://' + req.headers.host + req.url);
});
