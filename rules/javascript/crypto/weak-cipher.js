const crypto = require('crypto');
const { createCipheriv } = require('crypto');
const CryptoJS = require('crypto-js');
const forge = require('node-forge');

function encryptCard(key, iv, card) {
  // ruleid: javascript.crypto.weak-cipher
  const cipher = crypto.createCipheriv('des-ede3-cbc', key, iv);
  return cipher.update(card, 'utf8', 'hex') + cipher.final('hex');
}

function decryptLegacy(key, data) {
  // ruleid: javascript.crypto.weak-cipher
  const decipher = crypto.createDecipheriv('rc4', key, null);
  return decipher.update(data);
}

function blowfish(key, iv) {
  const name = 'BF-CBC';
  // ruleid: javascript.crypto.weak-cipher
  return createCipheriv(name, key, iv);
}

function inBrowser(text, key) {
  // ruleid: javascript.crypto.weak-cipher
  return CryptoJS.TripleDES.encrypt(text, key).toString();
}

function withForge(key) {
  // ruleid: javascript.crypto.weak-cipher
  return forge.cipher.createCipher('DES-CBC', key);
}

function modern(key, iv) {
  // ok: javascript.crypto.weak-cipher
  return crypto.createCipheriv('aes-256-gcm', key, iv);
}

function modernBrowser(text, key, iv) {
  // ok: javascript.crypto.weak-cipher
  return CryptoJS.AES.encrypt(text, key, { iv }).toString();
}

function chacha(key, iv) {
  // ok: javascript.crypto.weak-cipher
  return createCipheriv('chacha20-poly1305', key, iv, { authTagLength: 16 });
}

function unrelated(factory) {
  // ok: javascript.crypto.weak-cipher
  return factory.createShape('des', 3);
}
