const express = require('express');
const helmet = require('helmet');

function plain() {
  // ruleid: javascript.express.x-powered-by-header
  const app = express();
  app.get('/', (req, res) => res.send('ok'));
  return app;
}

function twice() {
  // ruleid: javascript.express.x-powered-by-header
  const outer = express();
  // ok: javascript.express.x-powered-by-header
  const inner = express();
  inner.disable('x-powered-by');
  outer.use(inner);
  return outer;
}

function withHelmet() {
  // ok: javascript.express.x-powered-by-header
  const app = express();
  app.use(express.json());
  app.use(helmet());
  return app;
}

function withSet() {
  // ok: javascript.express.x-powered-by-header
  const app = express();
  app.set('x-powered-by', false);
  return app;
}

function router() {
  // ok: javascript.express.x-powered-by-header
  const app = express.Router();
  return app;
}
