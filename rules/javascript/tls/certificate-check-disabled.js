const https = require('https');
const axios = require('axios');
const { Pool } = require('pg');
const nodemailer = require('nodemailer');

const agent = new https.Agent({
  keepAlive: true,
  // ruleid: javascript.tls.certificate-check-disabled
  rejectUnauthorized: false,
});

function client() {
  // ruleid: javascript.tls.certificate-check-disabled
  return axios.create({ httpsAgent: new https.Agent({ rejectUnauthorized: false }) });
}

const pool = new Pool({
  host: process.env.PGHOST,
  // ruleid: javascript.tls.certificate-check-disabled
  ssl: { rejectUnauthorized: false },
});

const mail = nodemailer.createTransport({
  host: 'mail.example.org',
  tls: {
    // ruleid: javascript.tls.certificate-check-disabled
    rejectUnauthorized: !1,
  },
});

function legacy(options) {
  // ruleid: javascript.tls.certificate-check-disabled
  options.strictSSL = false;
  return options;
}

// ok: javascript.tls.certificate-check-disabled
const safeAgent = new https.Agent({ ca: loadCa(), rejectUnauthorized: true });

function conditional(config) {
  // ok: javascript.tls.certificate-check-disabled
  return new https.Agent({ rejectUnauthorized: config.verify });
}

// ok: javascript.tls.certificate-check-disabled
const server = https.createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, (req, res) => {
  res.end(String(req.client.authorized));
});

module.exports = { agent, client, pool, mail, legacy, safeAgent, conditional, server };
