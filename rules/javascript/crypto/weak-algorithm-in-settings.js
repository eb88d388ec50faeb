const crypto = require('crypto');
const config = require('config');

function fingerprint(text) {
  // ruleid: javascript.crypto.weak-algorithm-in-settings
  return crypto.createHash(process.env.FILE_DIGEST || 'sha256').update(text).digest('hex');
}

function sign(text) {
  const name = config.get('links.digest');
  // ruleid: javascript.crypto.weak-algorithm-in-settings
  return crypto.createHash(name).update(text).digest('hex');
}

function open(name, key, iv) {
  // ruleid: javascript.crypto.weak-algorithm-in-settings
  return crypto.createCipheriv(name, key, iv);
}

module.exports.link = (key, iv) => open(config.get('links.cipher'), key, iv);

function seal(key, iv) {
  // ok: javascript.crypto.weak-algorithm-in-settings
  return crypto.createCipheriv(process.env.SEAL_CIPHER || 'des-cbc', key, iv);
}

function strong(text) {
  // ok: javascript.crypto.weak-algorithm-in-settings
  return crypto.createHash(config.get('links.strong')).update(text).digest('hex');
}

function unknown(text) {
  // ok: javascript.crypto.weak-algorithm-in-settings
  return crypto.createHash(process.env.OTHER_DIGEST || 'sha256').update(text).digest('hex');
}
