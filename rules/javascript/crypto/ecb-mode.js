const crypto = require('crypto');
const CryptoJS = require('crypto-js');
const { createDecipheriv } = require('crypto');

function seal(key, text) {
  // ruleid: javascript.crypto.ecb-mode
  const cipher = crypto.createCipheriv('aes-128-ecb', key, null);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

function open(key, data) {
  // ruleid: javascript.crypto.ecb-mode
  const d = createDecipheriv('AES-256-ECB', key, '');
  return Buffer.concat([d.update(data), d.final()]);
}

function clientSide(text, key) {
  return CryptoJS.AES.encrypt(text, key, {
    // ruleid: javascript.crypto.ecb-mode
    mode: CryptoJS.mode.ECB,
    padding: CryptoJS.pad.Pkcs7,
  });
}

function sealGcm(key, text) {
  const iv = crypto.randomBytes(12);
  // ok: javascript.crypto.ecb-mode
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function clientSideCbc(text, key, iv) {
  // ok: javascript.crypto.ecb-mode
  return CryptoJS.AES.encrypt(text, key, { iv, mode: CryptoJS.mode.CBC });
}

function currency(rates) {
  // ok: javascript.crypto.ecb-mode
  return rates.lookup('aes-128-ecb').value;
}
