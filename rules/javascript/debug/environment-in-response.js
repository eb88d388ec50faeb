const express = require('express');

const app = express();

app.get('/debug', (req, res) => {
  // ruleid: javascript.debug.environment-in-response
  res.json({ env: process.env, uptime: process.uptime() });
});

app.get('/config', (req, res) => {
  const settings = { region: 'eu', key: process.env.STRIPE_SECRET_KEY };
  // ruleid: javascript.debug.environment-in-response
  res.json(settings);
});

function describe() {
  return Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
}

app.get('/env', (req, res) => {
  // ruleid: javascript.debug.environment-in-response
  res.send(describe().join('<br>'));
});

app.get('/version', (req, res) => {
  // ok: javascript.debug.environment-in-response
  res.json({ version: process.env.APP_VERSION, mode: process.env.NODE_ENV });
});

app.get('/ready', (req, res) => {
  // ok: javascript.debug.environment-in-response
  res.json({ configured: Boolean(process.env.STRIPE_SECRET_KEY) });
});

app.get('/maps', (req, res) => {
  // ok: javascript.debug.environment-in-response
  res.json({ key: process.env.PUBLIC_MAPS_API_KEY });
});
