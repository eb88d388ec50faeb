const v8 = require('v8');
const serialijse = require('serialijse');
const { BSON } = require('bson');
const serializer = require('./serializer');
const express = require('express');

const app = express();

app.post('/state', (req, res) => {
  // ruleid: javascript.deserialization.object-from-request
  const state = serialijse.deserialize(req.body.state);
  res.json({ size: Object.keys(state).length });
});

app.get('/cookie', (req, res) => {
  const text = Buffer.from(req.cookies.profile, 'base64').toString();
  // ruleid: javascript.deserialization.object-from-request
  const profile = serializer.unserialize(text);
  res.json({ name: profile.name });
});

function restore(buffer) {
  // ruleid: javascript.deserialization.object-from-request
  return v8.deserialize(buffer);
}

app.post('/restore', (req, res) => {
  res.json(restore(Buffer.from(req.body.data, 'hex')));
});

app.post('/document', (req, res) => {
  // ruleid: javascript.deserialization.object-from-request
  res.json(BSON.deserialize(req.rawBody, { evalFunctions: true }));
});

app.post('/state-safe', (req, res) => {
  // ok: javascript.deserialization.object-from-request
  res.json(JSON.parse(req.body.state));
});

app.post('/document-safe', (req, res) => {
  // ok: javascript.deserialization.object-from-request
  res.json(BSON.deserialize(req.rawBody));
});

app.get('/own', (req, res) => {
  // ok: javascript.deserialization.object-from-request
  res.json(v8.deserialize(loadSnapshot()));
});
