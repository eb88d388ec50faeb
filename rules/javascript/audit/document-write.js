const escapeHtml = require('escape-html');

function banner() {
  // ruleid: javascript.audit.document-write
  document.write('<b>' + location.hash.slice(1) + '</b>');
}

function popup(win, html) {
  // ruleid: javascript.audit.document-write
  win.document.write(html);
  // ruleid: javascript.audit.document-write
  document.writeln(`<p>${html}</p>`);
}

function safe(name) {
  // ok: javascript.audit.document-write
  document.write('<script src="/fallback.js"></scr' + 'ipt>');
  // ok: javascript.audit.document-write
  document.write(escapeHtml(name));
  // ok: javascript.audit.document-write
  document.body.append(name);
}

function file(stream, text) {
  // ok: javascript.audit.document-write
  stream.write(text);
}
