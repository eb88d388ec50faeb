function compile(expression) {
  // ruleid: javascript.audit.function-constructor
  return new Function('row', 'return ' + expression);
}

function rule(req) {
  // ruleid: javascript.audit.function-constructor
  const check = Function(req.body.rule);
  return check();
}

function template(parts) {
  // ruleid: javascript.audit.function-constructor
  return new Function('data', `with (data) { return \`${parts.join('')}\`; }`);
}

function root() {
  // ok: javascript.audit.function-constructor
  return new Function('return this')();
}

function add() {
  // ok: javascript.audit.function-constructor
  return new Function('a', 'b', 'return a + b');
}

function wrap(fn) {
  // ok: javascript.audit.function-constructor
  return new FunctionWrapper(fn);
}
