const crypto = require('crypto');
const jwt = require('jsonwebtoken');
const express = require('express');

const app = express();

app.post('/digest', (req, res) => {
  // ruleid: javascript.crypto.algorithm-from-request
  const hash = crypto.createHash(req.body.algorithm);
  res.json({ digest: hash.update(req.body.text).digest('hex') });
});

app.post('/verify', (req, res) => {
  const { header } = jwt.decode(req.body.token, { complete: true });
  // ruleid: javascript.crypto.algorithm-from-request
  const claims = jwt.verify(req.body.token, key, { algorithms: [header.alg] });
  res.json({ user: claims.sub });
});

function seal(name, text) {
  // ruleid: javascript.crypto.algorithm-from-request
  const cipher = crypto.createCipheriv(name, key, crypto.randomBytes(16));
  return cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
}

app.post('/seal', (req, res) => {
  res.json({ sealed: seal(req.query.cipher, 'text') });
});

const ALLOWED = ['sha256', 'sha512'];

app.post('/digest-listed', (req, res) => {
  const algorithm = req.body.algorithm;
  if (!ALLOWED.includes(algorithm)) {
    return res.sendStatus(400);
  }
  // ok: javascript.crypto.algorithm-from-request
  res.json({ digest: crypto.createHash(algorithm).update(req.body.text).digest('hex') });
});

app.post('/digest-safe', (req, res) => {
  // ok: javascript.crypto.algorithm-from-request
  res.json({ digest: crypto.createHash('sha256').update(req.body.text).digest('hex') });
  // ok: javascript.crypto.algorithm-from-request
  jwt.verify(req.body.token, key, { algorithms: ['RS256'] });
});

app.post('/digest-choice', (req, res) => {
  const algorithm = req.body.long ? 'sha512' : 'sha256';
  // ok: javascript.crypto.algorithm-from-request
  res.json({ digest: crypto.createHash(algorithm).update(req.body.text).digest('hex') });
});
