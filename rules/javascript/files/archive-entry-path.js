const fs = require('fs');
const path = require('path');
const AdmZip = require('adm-zip');
const unzipper = require('unzipper');
const tar = require('tar-stream');
const JSZip = require('jszip');

function unpack(file, folder) {
  const zip = new AdmZip(file);
  zip.getEntries().forEach((entry) => {
    // ruleid: javascript.files.archive-entry-path
    fs.writeFileSync(path.join(folder, entry.entryName), entry.getData());
  });
}

function unpackStream(stream, folder) {
  stream.pipe(unzipper.Parse()).on('entry', (entry) => {
    const target = folder + '/' + entry.path;
    // ruleid: javascript.files.archive-entry-path
    entry.pipe(fs.createWriteStream(target));
  });
}

function write(target, data) {
  // ruleid: javascript.files.archive-entry-path
  fs.writeFileSync(target, data);
}

function unpackTar(extract, folder) {
  extract.on('entry', (header, stream, next) => {
    write(path.join(folder, header.name), stream.read());
    next();
  });
}

async function unpackJs(buffer, folder) {
  const zip = await JSZip.loadAsync(buffer);
  for (const name of Object.keys(zip.files)) {
    // ruleid: javascript.files.archive-entry-path
    await fs.promises.writeFile(path.join(folder, name), await zip.files[name].async('nodebuffer'));
  }
}

function unpackChecked(file, folder) {
  const zip = new AdmZip(file);
  for (const entry of zip.getEntries()) {
    const target = path.resolve(folder, entry.entryName);
    if (!target.startsWith(folder + path.sep)) {
      throw new Error('outside the folder');
    }
    // ok: javascript.files.archive-entry-path
    fs.writeFileSync(target, entry.getData());
  }
}

function unpackFlat(file, folder) {
  for (const entry of new AdmZip(file).getEntries()) {
    // ok: javascript.files.archive-entry-path
    fs.writeFileSync(path.join(folder, path.basename(entry.entryName)), entry.getData());
  }
}

function index(file, folder) {
  const names = new AdmZip(file).getEntries().map((entry) => entry.entryName);
  // ok: javascript.files.archive-entry-path
  fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify(names));
}
