const math = require('./math');

function calc(req, res) {
  // ruleid: javascript.audit.eval-dynamic-code
  res.send(String(eval(req.query.formula)));
}

function parse(text) {
  // ruleid: javascript.audit.eval-dynamic-code
  return eval('(' + text + ')');
}

function indirect(code) {
  // ruleid: javascript.audit.eval-dynamic-code
  return window.eval(`with (scope) { ${code} }`);
}

function data(text) {
  // ok: javascript.audit.eval-dynamic-code
  return JSON.parse(text);
}

function feature() {
  // ok: javascript.audit.eval-dynamic-code
  return eval('typeof globalThis');
}

function formula(text) {
  // ok: javascript.audit.eval-dynamic-code
  return math.eval(text);
}

async function browser(page) {
  // ok: javascript.audit.eval-dynamic-code
  return page.$eval('h1', (el) => el.textContent);
}
