const fs = require('fs');
const path = require('path');
const { unlink } = require('node:fs/promises');
const rimraf = require('rimraf');
const express = require('express');

const app = express();

app.delete('/file/:name', (req, res) => {
  // ruleid: javascript.files.delete-path-from-request
  fs.unlink(`uploads/${req.params.name}`, () => res.sendStatus(204));
});

app.post('/clear', (req, res) => {
  const folder = path.join('cache', req.body.folder);
  // ruleid: javascript.files.delete-path-from-request
  fs.rmSync(folder, { recursive: true });
  res.sendStatus(204);
});

async function drop(name) {
  // ruleid: javascript.files.delete-path-from-request
  await unlink('uploads/' + name);
}

app.post('/drop', async (req, res) => {
  await drop(req.body.name);
  res.sendStatus(204);
});

app.post('/wipe', (req, res) => {
  // ruleid: javascript.files.delete-path-from-request
  rimraf.sync('projects/' + req.query.project);
  res.sendStatus(204);
});

app.delete('/file-safe/:name', (req, res) => {
  // ok: javascript.files.delete-path-from-request
  fs.unlink(path.join('uploads', path.basename(req.params.name)), () => res.sendStatus(204));
});

app.delete('/upload/:id', async (req, res) => {
  const id = Number(req.params.id);
  // ok: javascript.files.delete-path-from-request
  await unlink(`uploads/${id}.bin`);
  res.sendStatus(204);
});

app.post('/upload', (req, res) => {
  // ok: javascript.files.delete-path-from-request
  fs.unlink(req.file.path, () => res.json({ name: req.body.name }));
});
