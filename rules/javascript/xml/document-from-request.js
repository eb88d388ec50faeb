const libxmljs = require('libxmljs');
const expat = require('node-expat');
const express = require('express');

const app = express();
const options = { noent: true, nonet: true };

app.post('/order', (req, res) => {
  // ruleid: javascript.xml.document-from-request
  const doc = libxmljs.parseXml(req.body.xml, options);
  res.json({ root: doc.root().name() });
});

function read(text) {
  // ruleid: javascript.xml.document-from-request
  return libxmljs.parseXmlString(text, { huge: true });
}

app.post('/big', (req, res) => {
  res.json({ root: read(req.body.xml).root().name() });
});

app.post('/names', (req, res) => {
  const { document } = req.body;
  const reader = libxmljs.parseXml;
  // ruleid: javascript.xml.document-from-request
  const doc = libxmljs.parseXmlString(document, options);
  res.json({ root: doc.root().name(), reader: reader.name });
});

app.post('/order-safe', (req, res) => {
  // ok: javascript.xml.document-from-request
  const doc = libxmljs.parseXml(req.body.xml);
  // ok: javascript.xml.document-from-request
  const other = libxmljs.parseXml(req.body.xml, { noblanks: true });
  res.json({ root: doc.root().name(), other: other.root().name() });
});

app.get('/catalog', (req, res) => {
  // ok: javascript.xml.document-from-request
  const doc = libxmljs.parseXml(load('catalog.xml'), options);
  res.json({ root: doc.root().name(), asked: req.query.name });
});
