const crypto = require('crypto');
const { createCipheriv } = require('crypto');
const CryptoJS = require('crypto-js');

const FIXED = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

function inline(key) {
  // ruleid: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-cbc', key, 'sixteen-byte-iv!');
}

function zeros(key) {
  // ruleid: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0));
}

function shared(key, text) {
  // ruleid: javascript.crypto.static-iv
  const cipher = createCipheriv('aes-256-gcm', key, FIXED);
  return cipher.update(text);
}

function browser(text, key) {
  // ruleid: javascript.crypto.static-iv
  return CryptoJS.AES.encrypt(text, key, { iv: CryptoJS.enc.Utf8.parse('sixteen-byte-iv!'), mode: CryptoJS.mode.CBC });
}

function fresh(key) {
  const iv = crypto.randomBytes(12);
  // ok: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-gcm', key, iv);
}

function filled(key) {
  const iv = Buffer.alloc(16);
  crypto.randomFillSync(iv);
  // ok: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-cbc', key, iv);
}

function fromHex(key, ivText) {
  // ok: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-cbc', key, Buffer.from(ivText, 'hex'));
}

function fromMessage(key, message) {
  const iv = Buffer.from(message.iv, 'hex');
  // ok: javascript.crypto.static-iv
  return crypto.createCipheriv('aes-256-cbc', key, iv);
}
