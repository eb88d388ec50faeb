const bcrypt = require('bcrypt');
const winston = require('winston');

const logger = winston.createLogger();

async function login(req, res) {
  // ruleid: javascript.debug.credential-in-log
  console.log('login', req.body.user, req.body.password);
  const { password } = req.body;
  // ruleid: javascript.debug.credential-in-log
  logger.debug(`trying ${password}`);
  res.sendStatus(204);
}

function trace(text) {
  // ruleid: javascript.debug.credential-in-log
  logger.info('trace: ' + text);
}

function connect(config) {
  trace(`connecting as ${config.user}:${config.password}`);
}

function start() {
  // ruleid: javascript.debug.credential-in-log
  console.info('key', process.env.PAYMENT_API_KEY);
  // ruleid: javascript.debug.credential-in-log
  logger.info('started', { token: process.env.MAIL_AUTH_TOKEN });
}

async function loginSafe(req, res) {
  // ok: javascript.debug.credential-in-log
  console.log('login', req.body.user);
  // ok: javascript.debug.credential-in-log
  logger.debug(`password has ${req.body.password.length} characters`);
  const hash = await bcrypt.hash(req.body.password, 12);
  // ok: javascript.debug.credential-in-log
  logger.debug(`hash ${hash}`);
  // ok: javascript.debug.credential-in-log
  console.log('key set', Boolean(process.env.PAYMENT_API_KEY));
  res.sendStatus(204);
}

function validate(errors) {
  // ok: javascript.debug.credential-in-log
  console.log(errors.password);
  // ok: javascript.debug.credential-in-log
  console.log('wrong password');
}

class OAuthClient {
  rotate() {
    this.clientSecret = generateSecret();
    return this;
  }
}

function rotated() {
  const client = new OAuthClient().rotate();
  // ok: javascript.debug.credential-in-log
  console.log('rotated', client);
  // ruleid: javascript.debug.credential-in-log
  console.log('rotated', client.clientSecret);
}
