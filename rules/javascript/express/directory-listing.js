const express = require('express');
const serveIndex = require('serve-index');
const auth = require('./auth');
const app = express();

// ruleid: javascript.express.directory-listing
app.use('/files', serveIndex('files', { icons: true }));

// ruleid: javascript.express.directory-listing
app.use('/old', express.static('old'), serveIndex('old'));

function plugins(fastify, fastifyStatic) {
  // ruleid: javascript.express.directory-listing
  fastify.register(fastifyStatic, { root: '/srv/files', list: true });
}

// ok: javascript.express.directory-listing
app.use('/files', express.static('files'));
// ok: javascript.express.directory-listing
app.use('/', auth.index('files'));
// ok: javascript.express.directory-listing
app.use('/private', auth.requireUser, serveIndex('private'));

module.exports = { app, plugins };
