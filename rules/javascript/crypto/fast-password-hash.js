const crypto = require('crypto');
const md5 = require('md5');
const argon2 = require('argon2');
const { createHash } = require('crypto');

function storeUser(db, user) {
  // ruleid: javascript.crypto.fast-password-hash
  const digest = crypto.createHash('sha256').update(user.password).digest('hex');
  return db.insert({ name: user.name, digest });
}

function legacyLogin(password, salt) {
  const hash = crypto.createHash('sha512');
  hash.update(salt);
  // ruleid: javascript.crypto.fast-password-hash
  hash.update(password);
  return hash.digest('hex');
}

function salted(passwd, salt) {
  // ruleid: javascript.crypto.fast-password-hash
  return createHash('sha1').update(passwd + salt).digest('hex');
}

function oldForum(req) {
  // ruleid: javascript.crypto.fast-password-hash
  return md5(req.body.password);
}

async function goodStore(db, user) {
  // ok: javascript.crypto.fast-password-hash
  const hash = await argon2.hash(user.password);
  return db.insert({ name: user.name, hash });
}

function resetLink(passwordResetToken) {
  // ok: javascript.crypto.fast-password-hash
  return crypto.createHash('sha256').update(passwordResetToken).digest('hex');
}

function fileHash(contents) {
  // ok: javascript.crypto.fast-password-hash
  return md5(contents);
}

function isPwned(password) {
  // ok: javascript.crypto.fast-password-hash
  const hex = crypto.createHash('sha1').update(password).digest('hex').toUpperCase();
  return fetch('https://range.example/' + hex.slice(0, 5));
}
