const { execFile, spawn, spawnSync } = require('child_process');
const path = require('path');
const express = require('express');

const app = express();

app.post('/clone', (req, res) => {
  // ruleid: javascript.injection.process-argument-from-request
  execFile('git', ['clone', req.body.repository], (error) => res.sendStatus(error ? 500 : 204));
});

app.get('/fetch', (req, res) => {
  const args = ['-s', req.query.address];
  // ruleid: javascript.injection.process-argument-from-request
  spawn('/usr/bin/curl', args).stdout.pipe(res);
});

function thumbnail(source) {
  // ruleid: javascript.injection.process-argument-from-request
  return spawnSync('convert', [source, '-resize', '80x80', 'out.png']);
}

app.post('/thumbnail', (req, res) => {
  thumbnail(req.body.source);
  res.sendStatus(204);
});

app.post('/clone-safe', (req, res) => {
  // ok: javascript.injection.process-argument-from-request
  execFile('git', ['clone', '--', req.body.repository], () => res.sendStatus(204));
});

app.post('/checked', (req, res) => {
  const branch = req.body.branch;
  if (branch.startsWith('-')) {
    return res.sendStatus(400);
  }
  // ok: javascript.injection.process-argument-from-request
  execFile('git', ['checkout', branch], () => res.sendStatus(204));
});

app.get('/log', (req, res) => {
  const count = parseInt(req.query.count, 10);
  // ok: javascript.injection.process-argument-from-request
  execFile('git', ['log', '-n', String(count)], (error, out) => res.json({ out }));
});

app.get('/echo', (req, res) => {
  // ok: javascript.injection.process-argument-from-request
  execFile('echo', [req.query.text], (error, out) => res.json({ out }));
});
