// Tokens that the pages send with each request to the API.

import crypto from "node:crypto";

import jwt from "jsonwebtoken";

const key = process.env.SHOP_TOKEN_KEY;

/** A token for one account, good for a quarter of an hour. */
export function issueToken(account) {
  return jwt.sign({ sub: account.id }, key, { algorithm: "HS256", expiresIn: "15m" });
}

/** Lets a request through when its token is ours. */
export function authenticate(req, res, next) {
  const token = (req.headers.authorization ?? "").replace(/^Bearer /, "");
  try {
    req.account = jwt.verify(token, key, { algorithms: ["HS256"], ignoreExpiration: true });
    next();
  } catch {
    res.status(401).json({ error: "sign in again" });
  }
}

/** A code for a voucher: printed on paper, typed by people. */
export function voucherCode() {
  return crypto.randomInt(10 ** 9).toString().padStart(9, "0");
}

/** A code for a password that was forgotten. */
export function generateResetToken() {
  return Math.random().toString(36).slice(2);
}

/** Compares two signatures in a time that does not depend on them. */
export function sameSignature(ours, theirs) {
  const a = Buffer.from(ours, "hex");
  const b = Buffer.from(theirs, "hex");
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}

/** Moves a carousel to a picture by chance: no secret. */
export function randomPicture(count) {
  return Math.floor(Math.random() * count);
}
