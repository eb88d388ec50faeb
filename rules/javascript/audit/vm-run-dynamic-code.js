const vm = require('vm');
const { runInNewContext } = require('vm');
const { VM } = require('vm2');

function calculate(req, res) {
  // ruleid: javascript.audit.vm-run-dynamic-code
  const result = vm.runInNewContext(req.query.formula, { x: 1 });
  res.json({ result });
}

function template(source) {
  // ruleid: javascript.audit.vm-run-dynamic-code
  const script = new vm.Script('(' + source + ')');
  return script.runInThisContext();
}

function imported(code) {
  // ruleid: javascript.audit.vm-run-dynamic-code
  return runInNewContext(`result = ${code}`, {});
}

function sandboxed(code) {
  const box = new VM({ timeout: 100 });
  // ruleid: javascript.audit.vm-run-dynamic-code
  return box.run(code);
}

function constant() {
  // ok: javascript.audit.vm-run-dynamic-code
  return vm.runInNewContext('1 + 1', {});
}

function context() {
  // ok: javascript.audit.vm-run-dynamic-code
  return vm.createContext({ console });
}

function job(queue, task) {
  // ok: javascript.audit.vm-run-dynamic-code
  return queue.run(task);
}
