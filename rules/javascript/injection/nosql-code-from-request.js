const express = require('express');
const { MongoClient } = require('mongodb');

const app = express();

app.get('/items', async (req, res) => {
  const items = app.locals.db.collection('items');
  // ruleid: javascript.injection.nosql-code-from-request
  const rows = await items.find({ $where: `this.price < ${req.query.max}` }).toArray();
  res.json(rows);
});

app.post('/report', async (req, res) => {
  const orders = app.locals.db.collection('orders');
  // ruleid: javascript.injection.nosql-code-from-request
  const rows = await orders.aggregate(req.body.pipeline).toArray();
  res.json(rows);
});

function whereOwner(query, owner) {
  // ruleid: javascript.injection.nosql-code-from-request
  return query.$where('this.owner == "' + owner + '"');
}

app.get('/owned', async (req, res) => {
  res.json(await whereOwner(Item.find(), req.query.owner));
});

app.get('/safe', async (req, res) => {
  const max = Number(req.query.max);
  // ok: javascript.injection.nosql-code-from-request
  const rows = await app.locals.db.collection('items').find({ $where: `this.price < ${max}` }).toArray();
  res.json(rows);
});

app.get('/expression', async (req, res) => {
  const items = app.locals.db.collection('items');
  // ok: javascript.injection.nosql-code-from-request
  const rows = await items.aggregate([{ $match: { owner: String(req.query.owner) } }]).toArray();
  res.json(rows);
});

app.get('/constant', async (req, res) => {
  // ok: javascript.injection.nosql-code-from-request
  const rows = await app.locals.db.collection('items').find({ $where: 'this.a == this.b' }).toArray();
  res.json({ rows, page: req.query.page });
});
