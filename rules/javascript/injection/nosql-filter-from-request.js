const express = require('express');
const User = require('./models/user');

const router = express.Router();

router.post('/login', async (req, res) => {
  // ruleid: javascript.injection.nosql-filter-from-request
  const user = await User.findOne({ name: req.body.name, password: req.body.password });
  res.json({ found: Boolean(user) });
});

router.post('/reset', async (req, res) => {
  const { token } = req.body;
  await reset(token);
  res.sendStatus(204);
});

function reset(token) {
  // ruleid: javascript.injection.nosql-filter-from-request
  return User.updateOne({ resetToken: token }, { $set: { locked: false } });
}

router.get('/orders', async (req, res) => {
  const filter = {};
  filter.owner = req.query.owner;
  // ruleid: javascript.injection.nosql-filter-from-request
  const orders = await req.app.locals.db.collection('orders').find(filter).toArray();
  res.json(orders);
});

router.post('/login-safe', async (req, res) => {
  // ok: javascript.injection.nosql-filter-from-request
  const user = await User.findOne({ name: String(req.body.name) });
  res.json({ found: Boolean(user) });
});

router.post('/login-equal', async (req, res) => {
  // ok: javascript.injection.nosql-filter-from-request
  const user = await User.findOne({ name: { $eq: req.body.name } });
  res.json({ found: Boolean(user) });
});

router.post('/login-checked', async (req, res) => {
  const { name } = req.body;
  if (typeof name !== 'string') {
    return res.sendStatus(400);
  }
  // ok: javascript.injection.nosql-filter-from-request
  const user = await User.findOne({ name });
  res.json({ found: Boolean(user) });
});

router.get('/orders/:owner', async (req, res) => {
  // ok: javascript.injection.nosql-filter-from-request
  const orders = await User.find({ owner: req.params.owner });
  res.json(orders);
});

router.get('/cached', (req, res) => {
  const list = loadAll();
  // ok: javascript.injection.nosql-filter-from-request
  res.json(list.find((entry) => entry.id === req.query.id));
});
