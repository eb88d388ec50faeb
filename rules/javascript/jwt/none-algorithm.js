const jwt = require('jsonwebtoken');
const { expressjwt } = require('express-jwt');
const simple = require('jwt-simple');

function check(token, key) {
  // ruleid: javascript.jwt.none-algorithm
  return jwt.verify(token, key, { algorithms: ['HS256', 'none'] });
}

function issue(user) {
  // ruleid: javascript.jwt.none-algorithm
  return jwt.sign({ id: user.id }, '', { algorithm: 'none' });
}

function empty(token) {
  // ruleid: javascript.jwt.none-algorithm
  return jwt.verify(token, null);
}

function skip(token, key) {
  // ruleid: javascript.jwt.none-algorithm
  return simple.decode(token, key, true);
}

// ruleid: javascript.jwt.none-algorithm
const guard = expressjwt({ secret: getKey, algorithms: ['none'] });

function checkWell(token, key) {
  // ok: javascript.jwt.none-algorithm
  return jwt.verify(token, key, { algorithms: ['RS256'] });
}

function decodeWell(token, key) {
  // ok: javascript.jwt.none-algorithm
  return simple.decode(token, key, false, 'HS256');
}

// ok: javascript.jwt.none-algorithm
const css = { display: 'none', algorithms: ['sha256'] };

module.exports = { check, issue, empty, skip, guard, checkWell, decodeWell, css };
