const express = require('express');
const winston = require('winston');

const app = express();
const logger = winston.createLogger({ transports: [new winston.transports.Console()] });

app.post('/login', (req, res) => {
  // ruleid: javascript.injection.log-from-request
  logger.info(`login of ${req.body.user}`);
  res.sendStatus(204);
});

app.get('/search', (req, res) => {
  const term = req.query.term;
  // ruleid: javascript.injection.log-from-request
  console.log('searched for', term);
  res.sendStatus(204);
});

function audit(text) {
  // ruleid: javascript.injection.log-from-request
  logger.warn('audit: ' + text);
}

app.use((req, res, next) => {
  audit(req.query.from);
  next();
});

app.post('/login-safe', (req, res) => {
  // ok: javascript.injection.log-from-request
  logger.info(`login of ${req.body.user.replace(/[\r\n]/g, ' ')}`);
  // ok: javascript.injection.log-from-request
  logger.info('login', { user: req.body.user });
  // ok: javascript.injection.log-from-request
  console.log('login of', JSON.stringify(req.body.user));
  res.sendStatus(204);
});

app.get('/page', (req, res) => {
  const page = Number(req.query.page);
  // ok: javascript.injection.log-from-request
  console.log(`page ${page}`);
  // ok: javascript.injection.log-from-request
  console.log(`${req.method} ${req.originalUrl} ${req.headers['user-agent']}`);
  res.sendStatus(204);
});

app.get('/user/:id', async (req, res) => {
  const user = await User.findById(req.params.id);
  // ok: javascript.injection.log-from-request
  logger.info(`found ${user.name}`);
  res.json(user);
});
