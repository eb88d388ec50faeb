const crypto = require('crypto');
const jwt = require('jsonwebtoken');
const bcrypt = require('bcrypt');

function text(length) {
  let out = '';
  for (let i = 0; i < length; i++) {
    out += 'abcdef0123456789'.charAt(Math.floor(Math.random() * 16));
  }
  return out;
}

async function invite(user, res) {
  // ruleid: javascript.crypto.random-in-credential
  user.resetToken = text(32);
  await user.save();
}

function start(req, res) {
  const id = Math.random().toString(36).slice(2);
  // ruleid: javascript.crypto.random-in-credential
  res.cookie('session', id, { httpOnly: true });
}

async function temporary() {
  const initial = text(10);
  // ruleid: javascript.crypto.random-in-credential
  return bcrypt.hash(initial, 12);
}

function issue(user) {
  const value = text(16);
  // ruleid: javascript.crypto.random-in-credential
  return { id: user.id, otp: value };
}

function startSafe(req, res) {
  // ok: javascript.crypto.random-in-credential
  res.cookie('session', crypto.randomUUID(), { httpOnly: true });
}

function color(res) {
  const hue = Math.random() * 360;
  // ok: javascript.crypto.random-in-credential
  res.cookie('hue', hue);
  return { hue };
}

async function inviteSafe(user) {
  // ok: javascript.crypto.random-in-credential
  user.resetToken = crypto.randomBytes(32).toString('hex');
  user.order = Math.random();
  await user.save();
}

function claims(user, key) {
  // ok: javascript.crypto.random-in-credential
  return jwt.sign({ id: user.id, jitter: Math.random() }, key);
}
