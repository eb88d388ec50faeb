const bcrypt = require('bcrypt');
const bcryptjs = require('bcryptjs');
const xxhash = require('xxhash');
const SALT_ROUNDS = 5;

async function register(user) {
  // ruleid: javascript.crypto.low-bcrypt-cost
  user.hash = await bcrypt.hash(user.password, 8);
  return user;
}

function registerSync(user) {
  // ruleid: javascript.crypto.low-bcrypt-cost
  const salt = bcryptjs.genSaltSync(6);
  return bcryptjs.hashSync(user.password, salt);
}

async function fromConstant(password) {
  // ruleid: javascript.crypto.low-bcrypt-cost
  return bcrypt.hash(password, SALT_ROUNDS);
}

async function good(password) {
  // ok: javascript.crypto.low-bcrypt-cost
  return bcrypt.hash(password, 12);
}

async function goodDefault() {
  // ok: javascript.crypto.low-bcrypt-cost
  return bcrypt.genSalt();
}

function seeded(buffer) {
  // ok: javascript.crypto.low-bcrypt-cost
  return xxhash.hash(buffer, 5);
}
