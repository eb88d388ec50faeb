const crypto = require('crypto');
const { generateKeyPairSync } = require('crypto');
const forge = require('node-forge');
const NodeRSA = require('node-rsa');

function weakPair(done) {
  // ruleid: javascript.crypto.short-rsa-key
  crypto.generateKeyPair('rsa', { modulusLength: 1024, publicExponent: 65537 }, done);
}

function weakPairSync() {
  // ruleid: javascript.crypto.short-rsa-key
  return generateKeyPairSync('rsa', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    modulusLength: 512,
  });
}

function libraries() {
  // ruleid: javascript.crypto.short-rsa-key
  const pair = forge.pki.rsa.generateKeyPair({ bits: 1024, e: 0x10001 });
  // ruleid: javascript.crypto.short-rsa-key
  const key = new NodeRSA({ b: 512 });
  return [pair, key];
}

async function browserKey() {
  // ruleid: javascript.crypto.short-rsa-key
  return crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['encrypt', 'decrypt'],
  );
}

function goodPair() {
  // ok: javascript.crypto.short-rsa-key
  return crypto.generateKeyPairSync('rsa', { modulusLength: 3072 });
}

function goodLibraries() {
  // ok: javascript.crypto.short-rsa-key
  const key = new NodeRSA({ b: 2048 });
  // ok: javascript.crypto.short-rsa-key
  return [key, forge.pki.rsa.generateKeyPair(4096)];
}

function curve() {
  // ok: javascript.crypto.short-rsa-key
  return crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
