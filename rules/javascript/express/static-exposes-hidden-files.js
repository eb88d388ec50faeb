const express = require('express');
const serveStatic = require('serve-static');
const app = express();

// ruleid: javascript.express.static-exposes-hidden-files
app.use(express.static('public', { dotfiles: 'allow', maxAge: '1d' }));

function download(req, res) {
  // ruleid: javascript.express.static-exposes-hidden-files
  res.sendFile(req.params.name, { root: 'files', dotfiles: 'allow' });
}

// ok: javascript.express.static-exposes-hidden-files
app.use(serveStatic('public', { dotfiles: 'deny' }));
// ok: javascript.express.static-exposes-hidden-files
app.use(express.static('public'));
// ok: javascript.express.static-exposes-hidden-files
app.use('/.well-known', express.static('public/.well-known', { dotfiles: 'allow' }));

module.exports = { app, download };
