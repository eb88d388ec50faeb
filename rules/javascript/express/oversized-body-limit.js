const express = require('express');
const bodyParser = require('body-parser');
const app = express();

// ruleid: javascript.express.oversized-body-limit
app.use(express.json({ limit: '500mb' }));
// ruleid: javascript.express.oversized-body-limit
app.use(bodyParser.urlencoded({ extended: true, limit: Infinity }));
// ruleid: javascript.express.oversized-body-limit
app.use(bodyParser.raw({ type: 'application/octet-stream', limit: '1gb' }));

// ok: javascript.express.oversized-body-limit
app.use(express.json({ limit: '1mb' }));
// ok: javascript.express.oversized-body-limit
app.use(bodyParser.json());
// ok: javascript.express.oversized-body-limit
app.use(express.text({ limit: '512kb' }));
// ok: javascript.express.oversized-body-limit
const page = query.list({ limit: '100mb' });

module.exports = { app, page };
