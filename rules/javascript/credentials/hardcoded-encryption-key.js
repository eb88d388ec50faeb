const crypto = require('crypto');
const { createHmac } = require('crypto');
const CryptoJS = require('crypto-js');

const KEY = 'example-key-for-tests-32-letters';
const RAW = Buffer.from('example-key-for-tests', 'utf8');

function seal(text, iv) {
  // ruleid: javascript.credentials.hardcoded-encryption-key
  const cipher = crypto.createCipheriv('aes-256-gcm', KEY, iv);
  return cipher.update(text);
}

function sealRaw(text, iv) {
  // ruleid: javascript.credentials.hardcoded-encryption-key
  return crypto.createCipheriv('aes-256-gcm', RAW, iv).update(text);
}

function sign(body) {
  // ruleid: javascript.credentials.hardcoded-encryption-key
  return createHmac('sha256', 'example-key-for-tests').update(body).digest('hex');
}

function browser(text) {
  // ruleid: javascript.credentials.hardcoded-encryption-key
  return CryptoJS.AES.encrypt(text, 'example-passphrase-for-tests').toString();
}

function sealWell(text, iv) {
  const key = Buffer.from(process.env.DATA_KEY, 'base64');
  // ok: javascript.credentials.hardcoded-encryption-key
  return crypto.createCipheriv('aes-256-gcm', key, iv).update(text);
}

function signWell(body, secret) {
  // ok: javascript.credentials.hardcoded-encryption-key
  return crypto.createHmac('sha256', secret).update(body).digest('hex');
}

function digest(text) {
  // ok: javascript.credentials.hardcoded-encryption-key
  return crypto.createHash('sha256').update('prefix' + text).digest('hex');
}
