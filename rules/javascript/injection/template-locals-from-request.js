const express = require('express');
const ejs = require('ejs');

const app = express();
app.set('view engine', 'ejs');

app.get('/profile', (req, res) => {
  // ruleid: javascript.injection.template-locals-from-request
  res.render('profile', req.query);
});

app.post('/form', (req, res) => {
  const values = { ...req.body };
  // ruleid: javascript.injection.template-locals-from-request
  res.render('form', values);
});

function show(res, locals) {
  // ruleid: javascript.injection.template-locals-from-request
  res.render('card', locals);
}

app.post('/card', (req, res) => {
  show(res, Object.assign({ title: 'Card' }, req.body));
});

app.get('/profile-safe', (req, res) => {
  // ok: javascript.injection.template-locals-from-request
  res.render('profile', { name: req.query.name, age: req.query.age });
});

app.post('/form-safe', (req, res) => {
  const { name, email } = req.body;
  // ok: javascript.injection.template-locals-from-request
  res.render('form', { name, email });
});

app.get('/static', (req, res) => {
  const locals = { user: req.query.user };
  // ok: javascript.injection.template-locals-from-request
  res.render('static', locals);
});
