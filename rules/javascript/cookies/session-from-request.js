const express = require('express');
const jwt = require('jsonwebtoken');

const app = express();

app.get('/enter', (req, res) => {
  // ruleid: javascript.cookies.session-from-request
  res.cookie('session', req.query.session, { httpOnly: true });
  res.redirect('/');
});

app.post('/role', (req, res) => {
  const { role } = req.body;
  // ruleid: javascript.cookies.session-from-request
  res.cookie('role', role);
  res.sendStatus(204);
});

function remember(res, value) {
  // ruleid: javascript.cookies.session-from-request
  res.cookie('auth_token', value, { secure: true });
}

app.get('/sso', (req, res) => {
  remember(res, req.query.token);
  res.redirect('/');
});

app.post('/login', async (req, res) => {
  const user = await User.findOne({ name: String(req.body.name) });
  // ok: javascript.cookies.session-from-request
  res.cookie('token', jwt.sign({ id: user.id }, process.env.JWT_KEY), { httpOnly: true });
  // ok: javascript.cookies.session-from-request
  res.cookie('session', crypto.randomUUID(), { httpOnly: true });
  res.sendStatus(204);
});

app.get('/theme', (req, res) => {
  // ok: javascript.cookies.session-from-request
  res.cookie('theme', req.query.theme);
  res.sendStatus(204);
});

app.post('/known', (req, res) => {
  // ok: javascript.cookies.session-from-request
  res.cookie('role', req.body.guest === 'yes' ? 'guest' : 'visitor');
  res.sendStatus(204);
});
