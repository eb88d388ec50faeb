const nodemailer = require('nodemailer');
const escapeHtml = require('escape-html');
const express = require('express');

const app = express();
const transporter = nodemailer.createTransport({ host: 'localhost' });

app.post('/welcome', async (req, res) => {
  // ruleid: javascript.injection.mail-html-from-request
  await transporter.sendMail({ to: req.body.email, subject: 'Welcome', html: `<p>Hello ${req.body.name}</p>` });
  res.sendStatus(204);
});

app.post('/share', async (req, res) => {
  const { note } = req.body;
  const options = {
    to: req.body.friend,
    subject: 'A page for you',
    // ruleid: javascript.injection.mail-html-from-request
    html: '<blockquote>' + note + '</blockquote>',
  };
  transporter.sendMail(options, () => res.sendStatus(204));
});

function letter(name) {
  return '<h1>Dear ' + name + '</h1>';
}

app.post('/letter', async (req, res) => {
  // ruleid: javascript.injection.mail-html-from-request
  await transporter.sendMail({ to: 'office@example.com', html: letter(req.body.name) });
  res.sendStatus(204);
});

app.post('/welcome-safe', async (req, res) => {
  // ok: javascript.injection.mail-html-from-request
  await transporter.sendMail({ to: req.body.email, subject: 'Welcome', html: `<p>Hello ${escapeHtml(req.body.name)}</p>` });
  // ok: javascript.injection.mail-html-from-request
  await transporter.sendMail({ to: req.body.email, subject: 'Welcome', text: `Hello ${req.body.name}` });
  res.sendStatus(204);
});

app.post('/code', async (req, res) => {
  const code = generateCode();
  // ok: javascript.injection.mail-html-from-request
  await transporter.sendMail({ to: req.body.email, subject: 'Your code', html: `<b>${code}</b>` });
  res.sendStatus(204);
});
