const mysql = require('mysql2');
const { Pool } = require('pg');
const { Sequelize } = require('sequelize');
const knex = require('knex');
const mongoose = require('mongoose');

// ruleid: javascript.credentials.hardcoded-database-password
const conn = mysql.createConnection({ host: 'db.example.org', user: 'app', password: 'example-password-for-tests' });

// ruleid: javascript.credentials.hardcoded-database-password
const pool = new Pool({
  host: 'db.example.org',
  user: 'app',
  password: 'example-password-for-tests',
});

// ruleid: javascript.credentials.hardcoded-database-password
const orm = new Sequelize('shop', 'app', 'example-password-for-tests', { dialect: 'postgres' });

// ruleid: javascript.credentials.hardcoded-database-password
const k = knex({ client: 'pg', connection: { host: 'db', user: 'app', password: 'example-password-for-tests' } });

// ruleid: javascript.credentials.hardcoded-database-password
mongoose.connect('mongodb://app:example-password-for-tests@db.example.org:27017/shop');

// ok: javascript.credentials.hardcoded-database-password
const conn2 = mysql.createConnection({ host: 'db', user: 'app', password: process.env.DB_PASSWORD });
// ok: javascript.credentials.hardcoded-database-password
const orm2 = new Sequelize(process.env.DATABASE_URL);
// ok: javascript.credentials.hardcoded-database-password
const conn3 = mysql.createConnection({ host: 'localhost', user: 'root', password: '' });
// ok: javascript.credentials.hardcoded-database-password
mongoose.connect('mongodb://localhost:27017/shop');
// ok: javascript.credentials.hardcoded-database-password
mongoose.connect(`mongodb://app:${process.env.DB_PASSWORD}@db.example.org/shop`);
// ok: javascript.credentials.hardcoded-database-password
console.log('usage: tool postgres://<user>:<password>@host/db');

module.exports = { conn, pool, orm, k, conn2, orm2, conn3 };
