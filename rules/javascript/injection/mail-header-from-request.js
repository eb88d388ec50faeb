const nodemailer = require('nodemailer');
const express = require('express');

const app = express();
const transporter = nodemailer.createTransport({ host: 'localhost' });

app.post('/contact', async (req, res) => {
  // ruleid: javascript.injection.mail-header-from-request
  await transporter.sendMail({ from: req.body.email, to: 'office@example.com', text: req.body.text });
  res.sendStatus(204);
});

app.post('/invite', async (req, res) => {
  const { friends } = req.body;
  const message = {
    from: 'office@example.com',
    to: 'list@example.com',
    // ruleid: javascript.injection.mail-header-from-request
    bcc: friends,
    text: 'Hello',
  };
  await transporter.sendMail(message);
  res.sendStatus(204);
});

function notify(subject) {
  // ruleid: javascript.injection.mail-header-from-request
  return transporter.sendMail({ from: 'office@example.com', to: 'office@example.com', subject: 'Request: ' + subject, text: '' });
}

app.post('/ticket', async (req, res) => {
  await notify(req.body.title);
  res.sendStatus(204);
});

app.post('/contact-safe', async (req, res) => {
  const subject = req.body.subject.replace(/[\r\n]+/g, ' ');
  // ok: javascript.injection.mail-header-from-request
  await transporter.sendMail({ from: 'office@example.com', to: 'office@example.com', replyTo: req.body.email, subject });
  res.sendStatus(204);
});

app.post('/ordered', async (req, res) => {
  // ok: javascript.injection.mail-header-from-request
  await transporter.sendMail({ from: 'office@example.com', to: req.body.email, subject: 'Your order', text: req.body.text });
  res.sendStatus(204);
});

app.post('/mapped', async (req, res) => {
  const subject = req.body.kind === 'bug' ? 'Bug' : 'Question';
  // ok: javascript.injection.mail-header-from-request
  await transporter.sendMail({ from: 'office@example.com', to: 'office@example.com', subject });
  res.sendStatus(204);
});
