const express = require('express');
const errorhandler = require('errorhandler');
const { errorHandler } = require('./middleware');

const app = express();
// ruleid: javascript.debug.errorhandler-middleware
app.use(errorhandler());

function legacy(server) {
  // ruleid: javascript.debug.errorhandler-middleware
  server.use(require('errorhandler')({ log: false }));
}

const guarded = express();
if (process.env.NODE_ENV === 'development') {
  // ok: javascript.debug.errorhandler-middleware
  guarded.use(errorhandler());
}

// ok: javascript.debug.errorhandler-middleware
guarded.use(errorHandler());
