const ejs = require('ejs');
const pug = require('pug');
const Handlebars = require('handlebars');
const nunjucks = require('nunjucks');
const _ = require('lodash');
const express = require('express');

const app = express();

app.get('/hello', (req, res) => {
  // ruleid: javascript.injection.template-from-request
  res.send(ejs.render('<p>Hello ' + req.query.name + '</p>'));
});

app.post('/preview', (req, res) => {
  const { template } = req.body;
  // ruleid: javascript.injection.template-from-request
  const render = Handlebars.compile(template);
  res.send(render({ title: 'Preview' }));
});

function page(body) {
  const text = `h1 Title\n${body}`;
  // ruleid: javascript.injection.template-from-request
  return pug.render(text);
}

app.get('/page', (req, res) => {
  res.send(page(req.query.body));
});

app.get('/greeting', (req, res) => {
  // ruleid: javascript.injection.template-from-request
  res.send(nunjucks.renderString(`Dear ${req.query.name}`, {}));
});

app.get('/message', (req, res) => {
  // ruleid: javascript.injection.template-from-request
  const compiled = _.template(req.query.text);
  res.send(compiled({}));
});

app.get('/hello-safe', (req, res) => {
  // ok: javascript.injection.template-from-request
  res.send(ejs.render('<p>Hello <%= name %></p>', { name: req.query.name }));
});

app.get('/greeting-safe', (req, res) => {
  // ok: javascript.injection.template-from-request
  res.send(nunjucks.renderString('Dear {{ name }}', { name: req.query.name }));
});

const layouts = { wide: Handlebars.compile('<main>{{body}}</main>') };

app.get('/layout', (req, res) => {
  // ok: javascript.injection.template-from-request
  res.send(layouts.wide({ body: req.query.body }));
});
