const express = require('express');
const escapeHtml = require('escape-html');
const { Pool } = require('pg');

const app = express();
const pool = new Pool();

app.get('/profile/:id', async (req, res) => {
  const user = await User.findById(req.params.id);
  // ruleid: javascript.xss.html-from-database
  res.send(`<h1>${user.name}</h1>`);
});

app.get('/comments', async (req, res) => {
  const { rows } = await pool.query('SELECT * FROM comments');
  let html = '<ul>';
  for (const row of rows) {
    html += '<li>' + row.text + '</li>';
  }
  // ruleid: javascript.xss.html-from-database
  res.send(html);
});

function card(post) {
  return '<article>' + post.title + '</article>';
}

app.get('/post/:id', async (req, res) => {
  const html = card(await Post.findOne({ _id: req.params.id }));
  // ruleid: javascript.xss.html-from-database
  res.send(html);
});

app.get('/profile-safe/:id', async (req, res) => {
  const user = await User.findById(req.params.id);
  // ok: javascript.xss.html-from-database
  res.send(`<h1>${escapeHtml(user.name)}</h1>`);
});

app.get('/user/:id', async (req, res) => {
  // ok: javascript.xss.html-from-database
  res.send(await User.findById(req.params.id));
});

app.get('/count', async (req, res) => {
  const users = await User.find({});
  // ok: javascript.xss.html-from-database
  res.send(`<p>${users.length} users</p>`);
});
