const path = require('path');
const express = require('express');

const app = express();
const FOLDER = path.join(__dirname, 'reports');

app.get('/report', (req, res) => {
  // ruleid: javascript.files.sent-file-from-request
  res.sendFile(path.join(FOLDER, req.query.file));
});

app.get('/download/:file', (req, res) => {
  const file = `${FOLDER}/${req.params.file}`;
  // ruleid: javascript.files.sent-file-from-request
  res.status(200).download(file);
});

function deliver(res, name) {
  // ruleid: javascript.files.sent-file-from-request
  res.sendFile(path.resolve(FOLDER, name));
}

app.post('/deliver', (req, res) => deliver(res, req.body.name));

app.get('/report-root', (req, res) => {
  // ok: javascript.files.sent-file-from-request
  res.sendFile(req.query.file, { root: FOLDER });
});

app.get('/report-name', (req, res) => {
  // ok: javascript.files.sent-file-from-request
  res.sendFile(path.join(FOLDER, path.basename(req.query.file)));
});

app.get('*', (req, res) => {
  // ok: javascript.files.sent-file-from-request
  res.sendFile(path.join(__dirname, 'dist', 'index.html'));
});

app.get('/renamed', (req, res) => {
  // ok: javascript.files.sent-file-from-request
  res.download(path.join(FOLDER, 'report.pdf'), req.query.as);
});
