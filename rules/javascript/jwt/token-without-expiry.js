const jwt = require('jsonwebtoken');
const { sign } = require('jsonwebtoken');

function login(user) {
  // ruleid: javascript.jwt.token-without-expiry
  return jwt.sign({ id: user.id }, process.env.JWT_SECRET);
}

function loginRs(user, key) {
  // ruleid: javascript.jwt.token-without-expiry
  return sign({ id: user.id }, key, { algorithm: 'RS256' });
}

function good(user) {
  // ok: javascript.jwt.token-without-expiry
  return jwt.sign({ id: user.id }, process.env.JWT_SECRET, { expiresIn: '15m' });
}

function claim(user, exp) {
  // ok: javascript.jwt.token-without-expiry
  return jwt.sign({ id: user.id, exp }, process.env.JWT_SECRET);
}

function unknown(payload, options) {
  // ok: javascript.jwt.token-without-expiry
  return jwt.sign(payload, process.env.JWT_SECRET, options);
}

function goodImported(user, key) {
  // ok: javascript.jwt.token-without-expiry
  return sign({ id: user.id }, key, { expiresIn: 900 });
}
