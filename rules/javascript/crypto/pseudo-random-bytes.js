const crypto = require('crypto');
const nodeCrypto = require('node:crypto');

function key() {
  // ruleid: javascript.crypto.pseudo-random-bytes
  return crypto.pseudoRandomBytes(32);
}

function later(done) {
  // ruleid: javascript.crypto.pseudo-random-bytes
  nodeCrypto.pseudoRandomBytes(16, done);
}

function good() {
  // ok: javascript.crypto.pseudo-random-bytes
  return crypto.randomBytes(32);
}

function other(pool) {
  // ok: javascript.crypto.pseudo-random-bytes
  return pool.randomBytes(8);
}
