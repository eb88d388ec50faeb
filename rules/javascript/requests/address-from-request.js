const express = require('express');
const axios = require('axios');
const got = require('got');
const http = require('http');
const fetch = require('node-fetch');

const app = express();
const API = process.env.API_URL;

app.get('/proxy', async (req, res) => {
  // ruleid: javascript.requests.address-from-request
  const answer = await axios.get(req.query.url);
  res.json(answer.data);
});

app.post('/hook', async (req, res) => {
  const { callback } = req.body;
  // ruleid: javascript.requests.address-from-request
  await fetch(callback, { method: 'POST' });
  res.sendStatus(204);
});

app.get('/status', (req, res) => {
  // ruleid: javascript.requests.address-from-request
  http.get({ hostname: req.query.host, path: '/status' }, (answer) => answer.pipe(res));
});

function load(address) {
  // ruleid: javascript.requests.address-from-request
  return got(address).json();
}

app.get('/feed', async (req, res) => {
  res.json(await load('http://' + req.query.host + '/feed.json'));
});

app.get('/users/:id', async (req, res) => {
  // ok: javascript.requests.address-from-request
  const answer = await axios.get(`https://api.example.com/users/${req.params.id}`);
  // ok: javascript.requests.address-from-request
  const other = await axios.get(`${API}/users/${req.params.id}`);
  res.json([answer.data, other.data]);
});

const HOSTS = new Set(['images.example.com', 'static.example.com']);

app.get('/image', async (req, res) => {
  const url = new URL(req.query.url);
  if (!HOSTS.has(url.hostname)) {
    return res.sendStatus(400);
  }
  // ok: javascript.requests.address-from-request
  const answer = await fetch(url);
  answer.body.pipe(res);
});

app.post('/forward', async (req, res) => {
  // ok: javascript.requests.address-from-request
  await axios.post('https://api.example.com/events', { text: req.body.text });
  res.sendStatus(204);
});
