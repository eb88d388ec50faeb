const cors = require('cors');
const express = require('express');
const app = express();

// ruleid: javascript.cors.any-origin-with-credentials
app.use(cors({ origin: true, credentials: true }));

// ruleid: javascript.cors.any-origin-with-credentials
app.use(cors({
  origin: (origin, callback) => callback(null, true),
  credentials: true,
}));

async function bootstrap(nest) {
  // ruleid: javascript.cors.any-origin-with-credentials
  nest.enableCors({ origin: '*', methods: 'GET,POST', credentials: true });
}

// ok: javascript.cors.any-origin-with-credentials
app.use(cors({ origin: 'https://app.example.org', credentials: true }));
// ok: javascript.cors.any-origin-with-credentials
app.use(cors({ origin: '*' }));
// ok: javascript.cors.any-origin-with-credentials
app.use(cors({ origin: true, credentials: false }));
// ok: javascript.cors.any-origin-with-credentials
app.use(cors({
  origin: (origin, callback) => {
    if (allowed.includes(origin)) return callback(null, true);
    return callback(new Error('origin not allowed'));
  },
  credentials: true,
}));
