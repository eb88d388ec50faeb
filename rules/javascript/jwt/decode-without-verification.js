const jwt = require('jsonwebtoken');
const { decode } = require('jsonwebtoken');
const polyline = require('./polyline');

function currentUser(req) {
  const token = req.headers.authorization.split(' ')[1];
  // ruleid: javascript.jwt.decode-without-verification
  const claims = jwt.decode(token);
  return claims.sub;
}

const isAdmin = (req) => {
  // ruleid: javascript.jwt.decode-without-verification
  return decode(req.cookies.token).role === 'admin';
};

function verified(token, key) {
  jwt.verify(token, key, { algorithms: ['HS256'] });
  // ok: javascript.jwt.decode-without-verification
  return jwt.decode(token);
}

async function verifiedAssigned(token, key) {
  const valid = await check.verify(token, key);
  // ok: javascript.jwt.decode-without-verification
  return valid ? jwt.decode(token) : null;
}

function keyFor(token) {
  // ok: javascript.jwt.decode-without-verification
  const { header } = jwt.decode(token, { complete: true });
  return keys[header.kid];
}

function route(text) {
  // ok: javascript.jwt.decode-without-verification
  return polyline.decode(text);
}
