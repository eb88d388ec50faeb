const mysql = require('mysql2');
const { Pool } = require('pg');
const pool = new Pool();

async function user(req, res) {
  // ruleid: javascript.audit.sql-built-from-string
  const rows = await pool.query(`SELECT * FROM users WHERE id = ${req.params.id}`);
  res.json(rows);
}

function login(connection, name, hash, done) {
  // ruleid: javascript.audit.sql-built-from-string
  connection.query("SELECT * FROM users WHERE name = '" + name + "' AND hash = '" + hash + "'", done);
}

function later(db, name, done) {
  const sql = `DELETE FROM sessions WHERE user = '${name}'`;
  // ruleid: javascript.audit.sql-built-from-string
  db.run(sql, done);
}

async function sequelizeRaw(sequelize, id) {
  // ruleid: javascript.audit.sql-built-from-string
  return sequelize.query(`UPDATE carts SET open = 0 WHERE id = ${id}`, { raw: true });
}

async function prisma(client, email) {
  // ruleid: javascript.audit.sql-built-from-string
  return client.$queryRawUnsafe(`SELECT * FROM "User" WHERE email = '${email}'`);
}

async function good(id) {
  // ok: javascript.audit.sql-built-from-string
  return pool.query('SELECT * FROM users WHERE id = $1', [id]);
}

async function goodPrisma(client, email) {
  // ok: javascript.audit.sql-built-from-string
  return client.$queryRaw`SELECT * FROM "User" WHERE email = ${email}`;
}

function inList(db, ids, done) {
  // ok: javascript.audit.sql-built-from-string
  db.all(`SELECT * FROM items WHERE id IN (${ids.map(() => '?').join(',')})`, ids, done);
}

function escaped(connection, name, done) {
  // ok: javascript.audit.sql-built-from-string
  connection.query('SELECT * FROM users WHERE name = ' + mysql.escape(name), done);
  const columns = 'id, name';
  // ok: javascript.audit.sql-built-from-string
  connection.query('SELECT ' + columns + ' FROM users', done);
  const sql = 'SELECT id FROM users WHERE id IN (' + ids.map(() => '?').join() + ')';
  // ok: javascript.audit.sql-built-from-string
  connection.query(sql, ids, done);
  const text = 'SELECT id FROM users ' + 'WHERE id = ?';
  // ok: javascript.audit.sql-built-from-string
  connection.query(text, [name], done);
}

function cache(store, key) {
  // ok: javascript.audit.sql-built-from-string
  return store.get(`select-${key}`);
}

function http(client, id) {
  // ok: javascript.audit.sql-built-from-string
  return client.get(`/users/${id}`);
}
