const escapeHtml = require('escape-html');

function banner() {
  // ruleid: javascript.dangerous.document-write
  document.write('<b>' + location.hash.slice(1) + '</b>');
}

function popup(win, html) {
  // ruleid: javascript.dangerous.document-write
  win.document.write(html);
  // ruleid: javascript.dangerous.document-write
  document.writeln(`<p>${html}</p>`);
}

function safe(name) {
  // ok: javascript.dangerous.document-write
  document.write('<script src="/fallback.js"></scr' + 'ipt>');
  // ok: javascript.dangerous.document-write
  document.write(escapeHtml(name));
  // ok: javascript.dangerous.document-write
  document.body.append(name);
}

function file(stream, text) {
  // ok: javascript.dangerous.document-write
  stream.write(text);
}
