const crypto = require('crypto');
const { createDecipher } = require('crypto');
const nodeCrypto = require('node:crypto');
const forge = require('node-forge');

function protect(text, secret) {
  // ruleid: javascript.crypto.create-cipher-without-iv
  const cipher = crypto.createCipher('aes-256-cbc', secret);
  return cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
}

function unprotect(data, secret) {
  // ruleid: javascript.crypto.create-cipher-without-iv
  const decipher = createDecipher('aes-256-cbc', secret);
  return decipher.update(data, 'hex', 'utf8') + decipher.final('utf8');
}

function other(secret) {
  // ruleid: javascript.crypto.create-cipher-without-iv
  return nodeCrypto.createCipher('aes192', secret);
}

function withIv(key, iv) {
  // ok: javascript.crypto.create-cipher-without-iv
  return crypto.createCipheriv('aes-256-gcm', key, iv);
}

function forgeCipher(key) {
  // ok: javascript.crypto.create-cipher-without-iv
  return forge.cipher.createCipher('AES-GCM', key);
}
