const config = require('config');

// ruleid: javascript.credentials.secret-fallback-literal
const jwtSecret = process.env.JWT_SECRET || 'example-secret-for-tests';

const db = {
  user: process.env.DB_USER || 'app',
  // ruleid: javascript.credentials.secret-fallback-literal
  password: process.env.DB_PASSWORD ?? 'example-password-for-tests',
};

function nest(configService) {
  // ruleid: javascript.credentials.secret-fallback-literal
  return configService.get('SESSION_SECRET') || 'example-secret-for-tests';
}

// ok: javascript.credentials.secret-fallback-literal
const port = process.env.PORT || '3000';
// ok: javascript.credentials.secret-fallback-literal
const secretFile = process.env.SECRET_FILE || '/run/secrets/app';
// ok: javascript.credentials.secret-fallback-literal
const emptyDefault = process.env.API_KEY || '';

function required() {
  // ok: javascript.credentials.secret-fallback-literal
  const secret = process.env.JWT_SECRET;
  if (!secret) throw new Error('JWT_SECRET is not set');
  return secret;
}

// ok: javascript.credentials.secret-fallback-literal
const level = config.get('logging') || 'info';

module.exports = { jwtSecret, db, nest, port, secretFile, emptyDefault, required, level };
