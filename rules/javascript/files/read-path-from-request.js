const fs = require('fs');
const path = require('path');
const { readFile } = require('fs/promises');
const express = require('express');

const app = express();
const ROOT = '/srv/files';

app.get('/file', (req, res) => {
  // ruleid: javascript.files.read-path-from-request
  fs.readFile('/srv/files/' + req.query.name, (err, data) => res.end(data));
});

app.get('/doc/:name', async (req, res) => {
  const target = path.join(ROOT, req.params.name);
  // ruleid: javascript.files.read-path-from-request
  res.json({ text: await readFile(target, 'utf8') });
});

function stream(name) {
  const full = path.resolve(ROOT, name);
  // ruleid: javascript.files.read-path-from-request
  return fs.createReadStream(full);
}

app.get('/stream', (req, res) => {
  stream(req.query.name).pipe(res);
});

app.get('/list', async (req, res) => {
  const { folder } = req.query;
  // ruleid: javascript.files.read-path-from-request
  res.json(await fs.promises.readdir(`${ROOT}/${folder}`));
});

app.get('/file-name', (req, res) => {
  const name = path.basename(req.query.name);
  // ok: javascript.files.read-path-from-request
  fs.readFile(path.join(ROOT, name), (err, data) => res.end(data));
});

app.get('/file-checked', (req, res) => {
  const full = path.resolve(ROOT, req.query.name);
  if (!full.startsWith(ROOT + path.sep)) {
    return res.sendStatus(403);
  }
  // ok: javascript.files.read-path-from-request
  fs.readFile(full, (err, data) => res.end(data));
});

app.get('/file-number/:id', (req, res) => {
  const id = parseInt(req.params.id, 10);
  // ok: javascript.files.read-path-from-request
  fs.readFile(`${ROOT}/${id}.txt`, (err, data) => res.end(data));
});

const documents = { terms: 'terms.pdf', privacy: 'privacy.pdf' };

app.get('/legal', (req, res) => {
  const file = req.query.doc === 'terms' ? documents.terms : documents.privacy;
  // ok: javascript.files.read-path-from-request
  fs.createReadStream(path.join(ROOT, file)).pipe(res);
});
