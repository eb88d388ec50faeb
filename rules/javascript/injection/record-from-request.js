const express = require('express');
const mongoose = require('mongoose');
const User = require('./models/user');

const app = express();

app.post('/users', async (req, res) => {
  // ruleid: javascript.injection.record-from-request
  const user = await User.create(req.body);
  res.json(user);
});

app.put('/users/:id', async (req, res) => {
  const changes = req.body;
  // ruleid: javascript.injection.record-from-request
  await User.findByIdAndUpdate(req.params.id, { $set: changes });
  res.sendStatus(204);
});

async function store(values) {
  // ruleid: javascript.injection.record-from-request
  const post = new Post(values);
  await post.save();
}

app.post('/posts', async (req, res) => {
  await store(req.body);
  res.sendStatus(204);
});

app.patch('/accounts', async (req, res) => {
  const account = await load(req);
  // ruleid: javascript.injection.record-from-request
  Object.assign(account, req.body);
  await account.save();
  res.sendStatus(204);
});

app.post('/users-safe', async (req, res) => {
  const { name, email } = req.body;
  // ok: javascript.injection.record-from-request
  const user = await User.create({ name, email });
  // ok: javascript.injection.record-from-request
  const other = await User.create({ name: req.body.name });
  res.json([user, other]);
});

app.post('/users-alias', async (req, res) => {
  const body = req.body;
  // ok: javascript.injection.record-from-request
  res.json(await User.create({ name: body.name, email: body.email }));
});

app.post('/users-parsed', async (req, res) => {
  const values = schema.parse(req.body);
  // ok: javascript.injection.record-from-request
  res.json(await User.create(values));
});

app.post('/copies', (req, res) => {
  // ok: javascript.injection.record-from-request
  const copy = Object.assign({}, req.body);
  res.json(copy);
});
