const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
const express = require('express');
const multer = require('multer');
const fse = require('fs-extra');

const app = express();

app.post('/note', (req, res) => {
  // ruleid: javascript.files.write-path-from-request
  fs.writeFileSync('notes/' + req.body.title + '.txt', req.body.text);
  res.sendStatus(204);
});

app.post('/avatar', (req, res) => {
  const { avatar } = req.files;
  // ruleid: javascript.files.write-path-from-request
  avatar.mv('./uploads/' + req.files.avatar.name, () => res.sendStatus(204));
});

const storage = multer.diskStorage({
  destination: 'uploads',
  filename: (req, file, cb) => {
    // ruleid: javascript.files.write-path-from-request
    cb(null, file.originalname);
  },
});

async function save(folder, data) {
  // ruleid: javascript.files.write-path-from-request
  await fse.outputFile(path.join('data', folder, 'index.json'), data);
}

app.post('/project', async (req, res) => {
  await save(req.body.project, '{}');
  res.sendStatus(204);
});

app.post('/note-safe', (req, res) => {
  // ok: javascript.files.write-path-from-request
  fs.writeFileSync(path.join('notes', path.basename(req.body.title) + '.txt'), req.body.text);
  // ok: javascript.files.write-path-from-request
  fs.writeFileSync(`notes/${crypto.randomUUID()}.txt`, req.body.text);
  res.sendStatus(204);
});

const safeStorage = multer.diskStorage({
  destination: 'uploads',
  filename: (req, file, cb) => {
    // ok: javascript.files.write-path-from-request
    cb(null, crypto.randomUUID() + path.extname(file.originalname));
  },
});

app.post('/log', (req, res) => {
  // ok: javascript.files.write-path-from-request
  fs.appendFileSync('requests.log', req.body.text);
  res.sendStatus(204);
});
