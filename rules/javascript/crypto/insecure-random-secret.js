const crypto = require('crypto');

function issue(user) {
  // ruleid: javascript.crypto.insecure-random-secret
  const resetToken = Math.random().toString(36).slice(2);
  user.resetToken = resetToken;
  return user;
}

function generatePassword(length) {
  const chars = 'abcdefghijkmnpqrstuvwxyz23456789';
  let out = '';
  for (let i = 0; i < length; i++) {
    // ruleid: javascript.crypto.insecure-random-secret
    out += chars[Math.floor(Math.random() * chars.length)];
  }
  return out;
}

const makeOtp = () =>
  // ruleid: javascript.crypto.insecure-random-secret
  String(Math.floor(100000 + Math.random() * 900000));

function invite(db, email) {
  return db.insert({
    email,
    // ruleid: javascript.crypto.insecure-random-secret
    verificationCode: Math.floor(Math.random() * 1e6),
  });
}

class Client {
  connect() {
    // ruleid: javascript.crypto.insecure-random-secret
    this.sessionId = `s${Math.random()}`;
  }
}

function secure() {
  // ok: javascript.crypto.insecure-random-secret
  const token = crypto.randomBytes(32).toString('hex');
  return token;
}

const refreshToken = async () => {
  // ok: javascript.crypto.insecure-random-secret
  await sleep(1000 + Math.random() * 500);
  return api.refresh();
};

function confetti() {
  // ok: javascript.crypto.insecure-random-secret
  const angle = Math.random() * Math.PI * 2;
  // ok: javascript.crypto.insecure-random-secret
  return { angle, speed: Math.random() };
}

const api2 = {
  // ok: javascript.crypto.insecure-random-secret
  token: () => { jitter(Math.random()); return fetchToken(); },
};

function id() {
  // todoruleid: javascript.crypto.insecure-random-secret
  return Math.random().toString(16);
}
