const express = require('express');
const app = express();

app.post('/login', (req, res) => {
  // ruleid: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('token', sign(req.user));
  res.json({ ok: true });
});

app.post('/login2', (req, res) => {
  // ruleid: javascript.cookies.sensitive-cookie-without-flags
  res.status(200).cookie('refresh_token', sign(req.user), { maxAge: 900000, secure: true });
});

async function fastifyLogin(request, reply) {
  // ruleid: javascript.cookies.sensitive-cookie-without-flags
  reply.setCookie('sessionId', request.session.id, { path: '/' });
}

app.post('/login3', (req, res) => {
  // ok: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('token', sign(req.user), { httpOnly: true, secure: true, sameSite: 'lax' });
  // ok: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('jwt', sign(req.user), cookieOptions);
  // ok: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('session', req.sessionID, { ...cookieOptions, path: '/' });
  res.end();
});

app.get('/theme', (req, res) => {
  // ok: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('theme', 'dark');
  // ok: javascript.cookies.sensitive-cookie-without-flags
  res.cookie('csrf_token', req.csrfToken());
  res.end();
});
