const fs = require('fs');
const { chmodSync } = require('fs');
const fsp = require('fs/promises');

function install(file) {
  // ruleid: javascript.permissions.world-writable-file
  fs.chmod(file, 0o777, () => {});
  // ruleid: javascript.permissions.world-writable-file
  chmodSync(file, '666');
}

async function share(file) {
  // ruleid: javascript.permissions.world-writable-file
  await fsp.chmod(file, 0o666);
}

function open() {
  // ruleid: javascript.permissions.world-writable-file
  process.umask(0);
}

function good(file) {
  // ok: javascript.permissions.world-writable-file
  fs.chmodSync(file, 0o755);
  // ok: javascript.permissions.world-writable-file
  fs.chmod(file, 0o600, () => {});
  // ok: javascript.permissions.world-writable-file
  fs.chmodSync(file, '0644');
  // ok: javascript.permissions.world-writable-file
  process.umask(0o077);
}

function drums(pad) {
  // ok: javascript.permissions.world-writable-file
  pad.hit('snare', 0o777);
}
