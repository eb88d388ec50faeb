const crypto = require('crypto');

const settings = { digest: 'md5', cipher: 'des-cbc', strong: 'sha256' };

function fingerprint(text) {
  // ruleid: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(settings.digest).update(text).digest('hex');
}

function digest(algorithm, text) {
  // ruleid: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(algorithm).update(text).digest('hex');
}

module.exports.legacy = (text) => digest('sha1', text);

function seal(key, iv, name = 'rc4') {
  // ruleid: javascript.crypto.weak-algorithm-from-variable
  return crypto.createCipheriv(name, key, iv);
}

module.exports.seal = (key, iv) => seal(key, iv);

function modern(algorithm, text) {
  // ok: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(algorithm).update(text).digest('hex');
}

module.exports.modern = (text) => modern('sha256', text);

function strong(text) {
  // ok: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(settings.strong).update(text).digest('hex');
}

function label(text) {
  const name = 'md5';
  // ok: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash('sha512').update(name + text).digest('hex');
}

module.exports = { fingerprint, strong, label };

function knownElsewhere(text) {
  // ok: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(process.env.KNOWN_DIGEST || 'md5').update(text).digest('hex');
}

function byDefault(text) {
  // ruleid: javascript.crypto.weak-algorithm-from-variable
  return crypto.createHash(process.env.UNKNOWN_DIGEST || 'md5').update(text).digest('hex');
}
