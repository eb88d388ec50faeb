const express = require('express');
const session = require('express-session');
const app = express();

app.use(session({
  secret: process.env.SESSION_SECRET,
  // ruleid: javascript.cookies.http-only-disabled
  cookie: { httpOnly: false, secure: true },
}));

app.post('/login', (req, res) => {
  // ruleid: javascript.cookies.http-only-disabled
  res.cookie('sid', req.sessionID, { httpOnly: false, secure: true });
  res.end();
});

async function koaLogin(ctx) {
  ctx.cookies.set('auth', ctx.state.token, {
    // ruleid: javascript.cookies.http-only-disabled
    httpOnly: false,
  });
}

app.get('/form', (req, res) => {
  // ok: javascript.cookies.http-only-disabled
  res.cookie('XSRF-TOKEN', req.csrfToken(), { httpOnly: false, secure: true });
  res.end();
});

app.post('/login2', (req, res) => {
  // ok: javascript.cookies.http-only-disabled
  res.cookie('sid', req.sessionID, { httpOnly: true, secure: true });
  // ok: javascript.cookies.http-only-disabled
  res.clearCookie('old', { httpOnly: false });
  res.end();
});
