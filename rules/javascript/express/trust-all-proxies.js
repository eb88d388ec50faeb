const express = require('express');
const fastify = require('fastify');

const app = express();
// ruleid: javascript.express.trust-all-proxies
app.set('trust proxy', true);

const other = express();
// ruleid: javascript.express.trust-all-proxies
other.enable('trust proxy');

// ruleid: javascript.express.trust-all-proxies
const server = fastify({ logger: true, trustProxy: true });

// ok: javascript.express.trust-all-proxies
app.set('trust proxy', 1);
// ok: javascript.express.trust-all-proxies
app.set('trust proxy', 'loopback');
// ok: javascript.express.trust-all-proxies
const inner = fastify({ trustProxy: '10.0.0.0/8' });
// ok: javascript.express.trust-all-proxies
app.enable('strict routing');

module.exports = { app, other, server, inner };
