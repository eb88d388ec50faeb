const jwt = require('jsonwebtoken');
const { sign } = require('jsonwebtoken');
const { expressjwt } = require('express-jwt');
const { Strategy } = require('passport-jwt');
const gpg = require('./gpg');

const JWT_SECRET = 'example-secret-for-tests';

function login(user) {
  // ruleid: javascript.credentials.hardcoded-jwt-secret
  return jwt.sign({ id: user.id }, 'example-secret-for-tests', { expiresIn: '1h' });
}

function check(token) {
  // ruleid: javascript.credentials.hardcoded-jwt-secret
  return jwt.verify(token, JWT_SECRET);
}

function other(user) {
  // ruleid: javascript.credentials.hardcoded-jwt-secret
  return sign({ id: user.id }, JWT_SECRET);
}

// ruleid: javascript.credentials.hardcoded-jwt-secret
const guard = expressjwt({ secret: 'example-secret-for-tests', algorithms: ['HS256'] });

// ruleid: javascript.credentials.hardcoded-jwt-secret
const strategy = new Strategy({ jwtFromRequest: fromHeader, secretOrKey: JWT_SECRET }, done);

function loginWell(user) {
  // ok: javascript.credentials.hardcoded-jwt-secret
  return jwt.sign({ id: user.id }, process.env.JWT_SECRET, { expiresIn: '1h' });
}

function checkPublic(token) {
  // ok: javascript.credentials.hardcoded-jwt-secret
  return jwt.verify(token, '-----BEGIN PUBLIC KEY-----\nexample\n-----END PUBLIC KEY-----', { algorithms: ['RS256'] });
}

function mail(text) {
  // ok: javascript.credentials.hardcoded-jwt-secret
  return gpg.sign(text, 'detached');
}

module.exports = { login, check, other, guard, strategy, loginWell, checkPublic, mail };
