const fs = require('fs');
const os = require('os');
const path = require('path');

function dump(data) {
  // ruleid: javascript.tempfiles.predictable-temporary-file
  fs.writeFileSync('/tmp/report.json', JSON.stringify(data));
}

function stream() {
  const file = path.join(os.tmpdir(), `upload-${Date.now()}.bin`);
  // ruleid: javascript.tempfiles.predictable-temporary-file
  return fs.createWriteStream(file);
}

function fixedName(text) {
  // ruleid: javascript.tempfiles.predictable-temporary-file
  fs.writeFileSync(path.join(os.tmpdir(), 'state.txt'), text);
}

function good(data) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));
  // ok: javascript.tempfiles.predictable-temporary-file
  fs.writeFileSync(path.join(dir, 'report.json'), data);
}

function exclusive(data) {
  // ok: javascript.tempfiles.predictable-temporary-file
  fs.writeFileSync('/tmp/app.lock', data, { flag: 'wx' });
}

function reading() {
  // ok: javascript.tempfiles.predictable-temporary-file
  return fs.readFileSync('/tmp/report.json');
}

function elsewhere(data) {
  // ok: javascript.tempfiles.predictable-temporary-file
  fs.writeFileSync('/var/lib/app/tmp/report.json', data);
}
