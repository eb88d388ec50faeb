const axios = require('axios');
const nodemailer = require('nodemailer');

const mail = nodemailer.createTransport({
  host: 'mail.example.org',
  // ruleid: javascript.credentials.hardcoded-service-credentials
  auth: { user: 'app', pass: 'example-password-for-tests' },
});

function stock() {
  return fetch('https://stock.example.org/items', {
    // ruleid: javascript.credentials.hardcoded-service-credentials
    headers: { Authorization: 'Bearer example-token-for-tests' },
  });
}

function report() {
  // ruleid: javascript.credentials.hardcoded-service-credentials
  return axios.get('https://report.example.org', { auth: { username: 'app', password: 'example-password-for-tests' } });
}

function good(token) {
  // ok: javascript.credentials.hardcoded-service-credentials
  return fetch('https://stock.example.org/items', { headers: { Authorization: `Bearer ${token}` } });
}

const mail2 = nodemailer.createTransport({
  // ok: javascript.credentials.hardcoded-service-credentials
  auth: { user: 'app', pass: process.env.MAIL_PASSWORD },
});

// ok: javascript.credentials.hardcoded-service-credentials
const schema = { password: 'string', Authorization: 'Bearer' };

module.exports = { mail, stock, report, good, mail2, schema };
