const { spawn, spawnSync } = require('child_process');
const cp = require('child_process');

function build(target) {
  // ruleid: javascript.dangerous.spawn-with-shell
  return spawn('make', [target], { shell: true, stdio: 'inherit' });
}

function anything(command) {
  // ruleid: javascript.dangerous.spawn-with-shell
  return cp.spawn(command, { shell: true });
}

function bash(args) {
  // ruleid: javascript.dangerous.spawn-with-shell
  return spawnSync('run.sh', args, { shell: '/bin/bash' });
}

function good(target) {
  // ok: javascript.dangerous.spawn-with-shell
  return spawn('make', [target], { stdio: 'inherit' });
}

function constant() {
  // ok: javascript.dangerous.spawn-with-shell
  return spawn('npm run build', { shell: true });
}

function constantArgs() {
  // ok: javascript.dangerous.spawn-with-shell
  return cp.spawn('npm', ['run', 'build'], { shell: true });
}
