const express = require('express');
const session = require('express-session');

const app = express();

app.post('/login', (req, res) => {
  // ruleid: javascript.express.session-from-request
  req.session.user = req.body.user;
  res.sendStatus(204);
});

app.get('/role', (req, res) => {
  const { role } = req.query;
  // ruleid: javascript.express.session-from-request
  req.session['role'] = role;
  res.sendStatus(204);
});

function remember(req, value) {
  // ruleid: javascript.express.session-from-request
  req.session.last = value;
}

app.get('/shop/:id', (req, res) => {
  remember(req, req.params.id);
  res.sendStatus(204);
});

app.post('/login-safe', async (req, res) => {
  const user = await User.findOne({ name: String(req.body.name) });
  // ok: javascript.express.session-from-request
  req.session.userId = user.id;
  res.sendStatus(204);
});

app.post('/visit', (req, res) => {
  // ok: javascript.express.session-from-request
  req.session.visits = (req.session.visits || 0) + 1;
  // ok: javascript.express.session-from-request
  req.session.language = req.body.language === 'de' ? 'de' : 'en';
  res.sendStatus(204);
});

app.post('/token', (req, res) => {
  // ok: javascript.express.session-from-request
  req.session.token = crypto.randomUUID();
  res.json({ asked: req.body.user });
});
