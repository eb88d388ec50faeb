const xpath = require('xpath');
const libxmljs = require('libxmljs');
const { DOMParser } = require('@xmldom/xmldom');
const express = require('express');

const app = express();
const users = new DOMParser().parseFromString(load('users.xml'), 'text/xml');

app.post('/login', (req, res) => {
  const query = "//user[name='" + req.body.name + "' and password='" + req.body.password + "']";
  // ruleid: javascript.injection.xpath-from-request
  res.json({ ok: xpath.select(query, users).length > 0 });
});

function find(expression) {
  // ruleid: javascript.injection.xpath-from-request
  return xpath.select1(expression, users);
}

app.get('/user', (req, res) => {
  res.json(find(`//user[@id='${req.query.id}']`));
});

app.get('/book', (req, res) => {
  const doc = libxmljs.parseXml(load('books.xml'));
  // ruleid: javascript.injection.xpath-from-request
  res.json(doc.get(`//book[title="${req.query.title}"]`).text());
});

app.get('/book-safe', (req, res) => {
  const parsed = xpath.parse('//book[title = $title]');
  // ok: javascript.injection.xpath-from-request
  res.json(parsed.select({ node: users, variables: { title: req.query.title } }).length);
});

app.get('/position', (req, res) => {
  const position = parseInt(req.query.position, 10);
  // ok: javascript.injection.xpath-from-request
  res.json(xpath.select(`//book[${position}]`, users).length);
});

app.get('/all', (req, res) => {
  // ok: javascript.injection.xpath-from-request
  const all = xpath.select('//user', users);
  res.json(all.filter((node) => node.getAttribute('id') === req.query.id).length);
});
