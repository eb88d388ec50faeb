const express = require('express');
const path = require('path');

const app = express();

app.get('/translate', (req, res) => {
  // ruleid: javascript.files.module-from-request
  const words = require('./locales/' + req.query.lang);
  res.json(words);
});

app.get('/plugin/:name', async (req, res) => {
  const { name } = req.params;
  // ruleid: javascript.files.module-from-request
  const plugin = await import(`./plugins/${name}.js`);
  res.json(plugin.describe());
});

function handler(kind) {
  // ruleid: javascript.files.module-from-request
  return require(path.join(__dirname, 'handlers', kind));
}

app.post('/handle', (req, res) => {
  res.json(handler(req.body.kind)());
});

const locales = { de: require('./locales/de'), en: require('./locales/en') };

app.get('/translate-safe', (req, res) => {
  const lang = req.query.lang === 'de' ? 'de' : 'en';
  // ok: javascript.files.module-from-request
  res.json(require('./locales/' + lang));
});

app.get('/translate-table', (req, res) => {
  // ok: javascript.files.module-from-request
  const words = require('./words');
  res.json(words[req.query.lang]);
});

app.get('/translate-name', (req, res) => {
  const name = path.basename(req.query.lang);
  // ok: javascript.files.module-from-request
  res.json(require(`./locales/${name}`));
});
