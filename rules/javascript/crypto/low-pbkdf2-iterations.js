const crypto = require('crypto');
const { pbkdf2Sync } = require('crypto');
const CryptoJS = require('crypto-js');
const ITERATIONS = 5000;

function hash(password, salt, done) {
  // ruleid: javascript.crypto.low-pbkdf2-iterations
  crypto.pbkdf2(password, salt, 1000, 64, 'sha512', done);
}

function hashSync(password, salt) {
  // ruleid: javascript.crypto.low-pbkdf2-iterations
  return pbkdf2Sync(password, salt, 10000, 32, 'sha256').toString('hex');
}

function fromConstant(password, salt) {
  // ruleid: javascript.crypto.low-pbkdf2-iterations
  return crypto.pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
}

function client(password, salt) {
  // ruleid: javascript.crypto.low-pbkdf2-iterations
  return CryptoJS.PBKDF2(password, salt, { keySize: 8, iterations: 100 });
}

async function web(key, salt) {
  // ruleid: javascript.crypto.low-pbkdf2-iterations
  return crypto.subtle.deriveBits({ name: 'PBKDF2', salt, iterations: 2048, hash: 'SHA-256' }, key, 256);
}

function good(password, salt, done) {
  // ok: javascript.crypto.low-pbkdf2-iterations
  crypto.pbkdf2(password, salt, 600000, 32, 'sha256', done);
}

function configured(password, salt, config) {
  // ok: javascript.crypto.low-pbkdf2-iterations
  return crypto.pbkdf2Sync(password, salt, config.iterations, 32, 'sha512');
}
