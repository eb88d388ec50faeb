const { exec, execFile } = require('child_process');
const cp = require('child_process');
const util = require('util');
const run = util.promisify(exec);

function ping(req, res) {
  // ruleid: javascript.audit.shell-command-from-string
  exec('ping -c 1 ' + req.query.host, (err, out) => res.send(out));
}

function convert(file) {
  // ruleid: javascript.audit.shell-command-from-string
  cp.execSync(`convert ${file} out.png`);
}

async function log(branch) {
  // ruleid: javascript.audit.shell-command-from-string
  const { stdout } = await run(`git log ${branch}`);
  return stdout;
}

function archive(name) {
  const command = `tar czf ${name}.tgz data`;
  // ruleid: javascript.audit.shell-command-from-string
  cp.exec(command);
}

function good(file) {
  // ok: javascript.audit.shell-command-from-string
  execFile('convert', [file, 'out.png']);
  // ok: javascript.audit.shell-command-from-string
  cp.spawn('tar', ['czf', `${file}.tgz`, 'data']);
}

function constant() {
  // ok: javascript.audit.shell-command-from-string
  exec('git status --short', () => {});
  // ok: javascript.audit.shell-command-from-string
  cp.execSync(`git rev-parse HEAD`);
}

function regex(line, name) {
  // ok: javascript.audit.shell-command-from-string
  return /(\d+)/.exec(`line ${line} ${name}`);
}

function db(pool, name) {
  // ok: javascript.audit.shell-command-from-string
  return pool.exec('x' + name);
}
