const { exec, execFile, spawn } = require('child_process');
const cp = require('node:child_process');
const util = require('util');
const express = require('express');
const { quote } = require('shell-quote');

const run = util.promisify(exec);
const app = express();

app.get('/ping', (req, res) => {
  // ruleid: javascript.injection.os-command-from-request
  exec('ping -c 1 ' + req.query.host, (error, stdout) => res.type('text').send(stdout));
});

app.post('/convert', async (req, res) => {
  const { name, format } = req.body;
  // ruleid: javascript.injection.os-command-from-request
  const { stdout } = await run(`convert uploads/${name} out.${format}`);
  res.json({ stdout });
});

function archive(folder) {
  // ruleid: javascript.injection.os-command-from-request
  return cp.execSync(`tar czf backup.tgz ${folder}`);
}

app.get('/backup/:folder', (req, res) => {
  archive(req.params.folder);
  res.sendStatus(204);
});

app.post('/shell', (req, res) => {
  // ruleid: javascript.injection.os-command-from-request
  const child = spawn('sh', ['-c', `grep ${req.body.term} data.txt`]);
  child.stdout.pipe(res);
});

app.post('/tool', (req, res) => {
  // ruleid: javascript.injection.os-command-from-request
  spawn(req.body.tool, ['--version']).stdout.pipe(res);
});

app.get('/ping-safe', (req, res) => {
  // ok: javascript.injection.os-command-from-request
  execFile('ping', ['-c', '1', req.query.host], (error, stdout) => res.type('text').send(stdout));
});

app.get('/ping-quoted', (req, res) => {
  // ok: javascript.injection.os-command-from-request
  exec('ping -c 1 ' + quote([req.query.host]), () => res.sendStatus(204));
});

const HOSTS = ['alpha', 'beta'];

app.get('/ping-listed', (req, res) => {
  const host = req.query.host;
  if (!HOSTS.includes(host)) {
    return res.sendStatus(400);
  }
  // ok: javascript.injection.os-command-from-request
  exec('ping -c 1 ' + host, () => res.sendStatus(204));
});

app.get('/count', (req, res) => {
  const count = Number(req.query.count);
  // ok: javascript.injection.os-command-from-request
  exec(`seq ${count}`, (error, stdout) => res.send(stdout.length + ''));
});

app.get('/status', (req, res) => {
  // ok: javascript.injection.os-command-from-request
  exec('uptime', (error, stdout) => res.json({ stdout, asked: req.query.by }));
});
