const jwt = require('jsonwebtoken');
const { Strategy, ExtractJwt } = require('passport-jwt');

function check(token, key) {
  // ruleid: javascript.jwt.expiration-ignored
  return jwt.verify(token, key, { algorithms: ['HS256'], ignoreExpiration: true });
}

const strategy = new Strategy({
  jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
  // ruleid: javascript.jwt.expiration-ignored
  ignoreExpiration: true,
  secretOrKey: process.env.JWT_SECRET,
}, verify);

function good(token, key) {
  // ok: javascript.jwt.expiration-ignored
  return jwt.verify(token, key, { algorithms: ['HS256'], ignoreExpiration: false });
}

// ok: javascript.jwt.expiration-ignored
const cache = { ttl: 5, ignore: true };

module.exports = { check, strategy, good, cache };
