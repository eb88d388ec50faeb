const express = require('express');
const session = require('express-session');
const cookieSession = require('cookie-session');
const nodemailer = require('nodemailer');
const app = express();

app.use(session({
  secret: process.env.SESSION_SECRET,
  resave: false,
  // ruleid: javascript.cookies.secure-flag-disabled
  cookie: { maxAge: 3600000, secure: false },
}));

// ruleid: javascript.cookies.secure-flag-disabled
app.use(cookieSession({ name: 's', keys: [process.env.COOKIE_KEY], secure: false }));

app.post('/login', (req, res) => {
  // ruleid: javascript.cookies.secure-flag-disabled
  res.cookie('sid', req.sessionID, { httpOnly: true, secure: false });
  res.end();
});

async function koa(ctx) {
  // ruleid: javascript.cookies.secure-flag-disabled
  ctx.cookies.set('auth', ctx.state.token, { secure: false });
}

app.post('/login2', (req, res) => {
  // ok: javascript.cookies.secure-flag-disabled
  res.cookie('sid', req.sessionID, { httpOnly: true, secure: process.env.NODE_ENV === 'production' });
  res.end();
});

// ok: javascript.cookies.secure-flag-disabled
const mail = nodemailer.createTransport({ host: 'mail.example.org', port: 587, secure: false });

// ok: javascript.cookies.secure-flag-disabled
app.use(session({ secret: process.env.SESSION_SECRET, cookie: { secure: true } }));

module.exports = { app, koa, mail };
