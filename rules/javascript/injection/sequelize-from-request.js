const { Sequelize, QueryTypes } = require('sequelize');
const express = require('express');

const sequelize = new Sequelize('sqlite::memory:');
const router = express.Router();

router.get('/products', async (req, res) => {
  const category = req.query.category;
  // ruleid: javascript.injection.sequelize-from-request
  const rows = await sequelize.query(`SELECT * FROM products WHERE category = '${category}'`, { type: QueryTypes.SELECT });
  res.json(rows);
});

router.get('/ranked', async (req, res) => {
  const rows = await Product.findAll({
    // ruleid: javascript.injection.sequelize-from-request
    order: sequelize.literal(`rank(${req.query.by}) DESC`),
  });
  res.json(rows);
});

function run(statement) {
  // ruleid: javascript.injection.sequelize-from-request
  return sequelize.query(statement);
}

router.post('/archive', async (req, res) => {
  await run('UPDATE products SET archived = 1 WHERE sku = "' + req.body.sku + '"');
  res.sendStatus(204);
});

router.get('/safe', async (req, res) => {
  // ok: javascript.injection.sequelize-from-request
  const rows = await sequelize.query('SELECT * FROM products WHERE category = :category', {
    replacements: { category: req.query.category },
    type: QueryTypes.SELECT,
  });
  res.json(rows);
});

router.get('/escaped', async (req, res) => {
  // ok: javascript.injection.sequelize-from-request
  const rows = await sequelize.query('SELECT * FROM products WHERE name = ' + sequelize.escape(req.query.name));
  res.json(rows);
});

router.get('/model', async (req, res) => {
  // ok: javascript.injection.sequelize-from-request
  const rows = await Product.findAll({ where: { category: req.query.category } });
  res.json(rows);
});
