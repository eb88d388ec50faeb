const express = require('express');
const app = express();
const ALLOWED = ['https://app.example.org'];

app.use((req, res, next) => {
  // ruleid: javascript.cors.reflected-origin
  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
  res.setHeader('Access-Control-Allow-Credentials', 'true');
  next();
});

app.use((req, res, next) => {
  const origin = req.get('Origin');
  // ruleid: javascript.cors.reflected-origin
  res.header('access-control-allow-origin', origin);
  next();
});

app.use((req, res, next) => {
  const origin = req.headers.origin;
  if (ALLOWED.includes(origin)) {
    // ok: javascript.cors.reflected-origin
    res.setHeader('Access-Control-Allow-Origin', origin);
  }
  next();
});

app.use((req, res, next) => {
  // ok: javascript.cors.reflected-origin
  res.setHeader('Access-Control-Allow-Origin', 'https://app.example.org');
  // ok: javascript.cors.reflected-origin
  res.setHeader('X-Origin', req.headers.origin);
  next();
});

function allow(res, origin) {
  // ruleid: javascript.cors.reflected-origin
  res.setHeader('Access-Control-Allow-Origin', origin);
}

app.use((req, res, next) => {
  allow(res, req.headers.origin || '*');
  next();
});

app.use((req, res, next) => {
  const { origin } = req.headers;
  const allowed = ALLOWED.includes(origin) ? origin : ALLOWED[0];
  // ok: javascript.cors.reflected-origin
  res.setHeader('Access-Control-Allow-Origin', allowed);
  next();
});
