const express = require('express');
const path = require('path');
const app = express();

// ruleid: javascript.express.static-serves-project-root
app.use(express.static(__dirname));
// ruleid: javascript.express.static-serves-project-root
app.use('/', express.static('.'));
// ruleid: javascript.express.static-serves-project-root
app.use(express.static(path.join(__dirname, '/')));

// ok: javascript.express.static-serves-project-root
app.use(express.static(path.join(__dirname, 'public')));
// ok: javascript.express.static-serves-project-root
app.use(express.static('dist'));
// ok: javascript.express.static-serves-project-root
app.use(express.static(__dirname + '/assets'));

module.exports = app;
