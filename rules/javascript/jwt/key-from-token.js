const jwt = require('jsonwebtoken');
const jwksClient = require('jwks-rsa');
const express = require('express');

const app = express();

app.post('/verify', (req, res) => {
  // ruleid: javascript.jwt.key-from-token
  res.json(jwt.verify(req.body.token, req.body.key));
});

app.use((req, res, next) => {
  const token = req.headers.authorization.slice(7);
  const decoded = jwt.decode(token, { complete: true });
  // ruleid: javascript.jwt.key-from-token
  const client = jwksClient({ jwksUri: decoded.header.jku });
  req.client = client;
  next();
});

function check(token, key) {
  // ruleid: javascript.jwt.key-from-token
  return jwt.verify(token, key, { algorithms: ['RS256'] });
}

app.post('/check', (req, res) => {
  const { header } = jwt.decode(req.body.token, { complete: true });
  res.json(check(req.body.token, header.x5c));
});

app.post('/verify-safe', (req, res) => {
  // ok: javascript.jwt.key-from-token
  res.json(jwt.verify(req.body.token, process.env.JWT_PUBLIC_KEY, { algorithms: ['RS256'] }));
});

const client = jwksClient({ jwksUri: 'https://login.example.com/keys' });

app.post('/keys', (req, res) => {
  // ok: javascript.jwt.key-from-token
  res.json(jwt.verify(req.body.token, client.publicKey));
});

const KEYS = { first: load('first.pem'), second: load('second.pem') };

app.post('/known', (req, res) => {
  const key = req.body.version === '2' ? KEYS.second : KEYS.first;
  // ok: javascript.jwt.key-from-token
  res.json(jwt.verify(req.body.token, key));
});
