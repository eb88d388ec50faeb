const express = require('express');
const ejs = require('ejs');

const app = express();

app.get('/page/:name', (req, res) => {
  // ruleid: javascript.files.view-from-request
  res.render(req.params.name);
});

app.get('/help', (req, res) => {
  const view = 'help/' + req.query.topic;
  // ruleid: javascript.files.view-from-request
  res.render(view, { title: 'Help' });
});

function show(res, name) {
  // ruleid: javascript.files.view-from-request
  res.status(200).render(`pages/${name}`);
}

app.get('/show', (req, res) => show(res, req.query.name));

const PAGES = ['about', 'contact'];

app.get('/listed/:name', (req, res) => {
  const name = req.params.name;
  if (!PAGES.includes(name)) {
    return res.sendStatus(404);
  }
  // ok: javascript.files.view-from-request
  res.render(name);
});

app.get('/values', (req, res) => {
  // ok: javascript.files.view-from-request
  res.render('values', { name: req.query.name });
});

app.get('/two', (req, res) => {
  // ok: javascript.files.view-from-request
  res.render(req.query.compact ? 'compact' : 'full');
});
