const crypto = require('crypto');
const { createHash } = require('crypto');
const CryptoJS = require('crypto-js');
const forge = require('node-forge');

function fileDigest(buffer) {
  // ruleid: javascript.crypto.weak-hash
  return crypto.createHash('md5').update(buffer).digest('hex');
}

function documentFingerprint(text) {
  const algorithm = 'SHA1';
  // ruleid: javascript.crypto.weak-hash
  return createHash(algorithm).update(text).digest('base64');
}

function signRelease(key, manifest) {
  // ruleid: javascript.crypto.weak-hash
  const signer = crypto.createSign('RSA-SHA1');
  signer.update(manifest);
  return signer.sign(key, 'hex');
}

function browserSide(message) {
  // ruleid: javascript.crypto.weak-hash
  const legacy = CryptoJS.MD5(message).toString();
  // ok: javascript.crypto.weak-hash
  const current = CryptoJS.SHA256(message).toString();
  return [legacy, current];
}

async function web(data) {
  // ruleid: javascript.crypto.weak-hash
  const weak = await crypto.subtle.digest('SHA-1', data);
  // ok: javascript.crypto.weak-hash
  const strong = await crypto.subtle.digest('SHA-256', data);
  // ruleid: javascript.crypto.weak-hash
  const md = forge.md.sha1.create();
  return [weak, strong, md];
}

function strongDigest(buffer) {
  // ok: javascript.crypto.weak-hash
  return crypto.createHash('sha256').update(buffer).digest('hex');
}

function respond(res, body) {
  // ok: javascript.crypto.weak-hash
  const etag = crypto.createHash('sha1').update(body).digest('base64');
  res.setHeader('ETag', etag);
  // ok: javascript.crypto.weak-hash
  res.set('ETag', `"${crypto.createHash('md5').update(body).digest('hex')}"`);
}

function gravatarUrl(email) {
  // ok: javascript.crypto.weak-hash
  return 'https://gravatar.example/' + createHash('md5').update(email).digest('hex');
}

function labels(registry) {
  // ok: javascript.crypto.weak-hash
  return registry.create('md5');
}

function versions(buffer, name) {
  // todoruleid: javascript.crypto.weak-hash
  const h = crypto.createHash(name || 'md5');
  return h.update(buffer);
}
