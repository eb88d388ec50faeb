const express = require('express');
const helmet = require('helmet');
const app = express();

app.use(helmet({
  // ruleid: javascript.express.helmet-protection-disabled
  contentSecurityPolicy: false,
  crossOriginEmbedderPolicy: false,
}));

// ruleid: javascript.express.helmet-protection-disabled
app.use(helmet({ frameguard: false, noSniff: true }));

async function plugins(fastify, fastifyHelmet) {
  // ruleid: javascript.express.helmet-protection-disabled
  await fastify.register(fastifyHelmet, { hsts: false });
}

// ok: javascript.express.helmet-protection-disabled
app.use(helmet());
// ok: javascript.express.helmet-protection-disabled
app.use(helmet({ xDownloadOptions: false }));
// ok: javascript.express.helmet-protection-disabled
app.use(helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'self'"] } } }));
// ok: javascript.express.helmet-protection-disabled
const chart = draw({ hsts: false });

module.exports = { app, plugins, chart };
