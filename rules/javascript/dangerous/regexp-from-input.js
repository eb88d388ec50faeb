const _ = require('lodash');
const escapeStringRegexp = require('escape-string-regexp');

function search(req, res) {
  // ruleid: javascript.dangerous.regexp-from-input
  const pattern = new RegExp(req.query.q, 'i');
  res.json(items.filter((i) => pattern.test(i.name)));
}

async function find(req, res) {
  const { term } = req.body;
  // ruleid: javascript.dangerous.regexp-from-input
  res.json(await Item.find({ name: new RegExp(`^${term}`, 'i') }));
}

async function koa(ctx) {
  const word = ctx.query.word;
  // ruleid: javascript.dangerous.regexp-from-input
  ctx.body = rows.filter((r) => RegExp(word).test(r));
}

function safe(req, res) {
  // ok: javascript.dangerous.regexp-from-input
  const pattern = new RegExp(_.escapeRegExp(req.query.q), 'i');
  // ok: javascript.dangerous.regexp-from-input
  const other = new RegExp(escapeStringRegexp(req.query.q));
  res.json(items.filter((i) => pattern.test(i.name) || other.test(i.name)));
}

function fixed(req) {
  // ok: javascript.dangerous.regexp-from-input
  return new RegExp('^[a-z]+$').test(req.query.q);
}

function internal(words) {
  // ok: javascript.dangerous.regexp-from-input
  return new RegExp(words.join('|'), 'g');
}

function matcher(text) {
  // ruleid: javascript.dangerous.regexp-from-input
  return new RegExp(text, 'i');
}

async function helper(req, res) {
  const match = matcher(req.params.name);
  res.json(items.filter((i) => match.test(i.name)));
}

async function mongo(req, res) {
  // ruleid: javascript.dangerous.regexp-from-input
  res.json(await Item.find({ name: { $regex: req.query.name, $options: 'i' } }));
}

function number(req) {
  const width = Number(req.query.width);
  // ok: javascript.dangerous.regexp-from-input
  return new RegExp(`^.{${width}}$`);
}
