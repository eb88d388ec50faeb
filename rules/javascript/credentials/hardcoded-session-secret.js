const express = require('express');
const session = require('express-session');
const cookieSession = require('cookie-session');
const cookieParser = require('cookie-parser');
const Koa = require('koa');

const app = express();
const SECRET = 'example-secret-for-tests';

// ruleid: javascript.credentials.hardcoded-session-secret
app.use(session({ secret: 'example-secret-for-tests', resave: false }));
// ruleid: javascript.credentials.hardcoded-session-secret
app.use(session({ secret: SECRET, cookie: { secure: true } }));
// ruleid: javascript.credentials.hardcoded-session-secret
app.use(cookieSession({ name: 's', keys: ['example-key-one', 'example-key-two'] }));
// ruleid: javascript.credentials.hardcoded-session-secret
app.use(cookieParser('example-secret-for-tests'));

const koaApp = new Koa();
// ruleid: javascript.credentials.hardcoded-session-secret
koaApp.keys = ['example-key-for-tests'];

function plugins(fastify, fastifySession) {
  // ruleid: javascript.credentials.hardcoded-session-secret
  fastify.register(fastifySession, { secret: 'example secret with enough length', cookie: { secure: true } });
}

// ok: javascript.credentials.hardcoded-session-secret
app.use(session({ secret: process.env.SESSION_SECRET, resave: false }));
// ok: javascript.credentials.hardcoded-session-secret
app.use(cookieParser());
// ok: javascript.credentials.hardcoded-session-secret
app.use(cookieSession({ keys: config.keys }));
// ok: javascript.credentials.hardcoded-session-secret
const game = createQuiz({ secret: 'the answer is in the garden' });

module.exports = { app, koaApp, plugins, game };
