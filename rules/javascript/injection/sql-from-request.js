const express = require('express');
const { Pool } = require('pg');
const mysql = require('mysql2/promise');
const sqlite3 = require('sqlite3').verbose();

const app = express();
const pool = new Pool();
const db = new sqlite3.Database('shop.db');

app.get('/users/:id', async (req, res) => {
  // ruleid: javascript.injection.sql-from-request
  const result = await pool.query(`SELECT id, name FROM users WHERE id = ${req.params.id}`);
  res.json(result.rows);
});

app.get('/search', async (req, res) => {
  const { term } = req.query;
  const text = "SELECT * FROM products WHERE name LIKE '%" + term + "%'";
  const connection = await mysql.createConnection({ host: 'localhost' });
  // ruleid: javascript.injection.sql-from-request
  const [rows] = await connection.execute(text);
  res.json(rows);
});

function orderClause(column) {
  return ' ORDER BY ' + column;
}

app.get('/orders', (req, res) => {
  const sql = 'SELECT * FROM orders' + orderClause(req.query.sort);
  // ruleid: javascript.injection.sql-from-request
  db.all(sql, (err, rows) => res.json(rows));
});

function findByEmail(email) {
  // ruleid: javascript.injection.sql-from-request
  return pool.query({ text: "SELECT * FROM users WHERE email = '" + email + "'", rowMode: 'array' });
}

app.post('/lookup', async (req, res) => {
  const found = await findByEmail(req.body.email);
  res.json(found.rows);
});

app.get('/safe/:id', async (req, res) => {
  // ok: javascript.injection.sql-from-request
  const result = await pool.query('SELECT id, name FROM users WHERE id = $1', [req.params.id]);
  res.json(result.rows);
});

app.get('/sorted', async (req, res) => {
  const columns = { name: 'name', date: 'created_at' };
  const column = req.query.sort === 'date' ? columns.date : columns.name;
  // ok: javascript.injection.sql-from-request
  const result = await pool.query('SELECT * FROM orders ORDER BY ' + column);
  res.json(result.rows);
});

app.get('/quoted', async (req, res) => {
  // ok: javascript.injection.sql-from-request
  const [rows] = await pool.query('SELECT * FROM users WHERE name = ' + mysql.escape(req.query.name));
  res.json(rows);
});

app.get('/page', (req, res) => {
  const page = parseInt(req.query.page, 10) || 0;
  // ok: javascript.injection.sql-from-request
  db.all(`SELECT * FROM orders LIMIT 20 OFFSET ${page * 20}`, (err, rows) => res.json(rows));
});

app.get('/overwritten', async (req, res) => {
  let table = req.query.table;
  table = 'users';
  // ok: javascript.injection.sql-from-request
  const result = await pool.query('SELECT * FROM ' + table);
  res.json(result.rows);
});
