const express = require('express');
const session = require('express-session');
const store = require('./store');
const { session: wizard } = require('./wizard');
const app = express();

// ruleid: javascript.cookies.express-session-insecure-defaults
app.use(session({
  secret: process.env.SESSION_SECRET,
  resave: false,
  saveUninitialized: false,
}));

// ruleid: javascript.cookies.express-session-insecure-defaults
app.use(session({
  secret: process.env.SESSION_SECRET,
  cookie: { maxAge: 60000 },
  store,
}));

// ok: javascript.cookies.express-session-insecure-defaults
app.use(session({
  secret: process.env.SESSION_SECRET,
  cookie: { secure: true, sameSite: 'lax' },
}));

// ok: javascript.cookies.express-session-insecure-defaults
app.use(session({ ...baseOptions, store }));

// ok: javascript.cookies.express-session-insecure-defaults
app.use(session({ secret: process.env.SESSION_SECRET, cookie: cookieOptions }));

// ok: javascript.cookies.express-session-insecure-defaults
app.use(wizard({ steps: 3 }));
