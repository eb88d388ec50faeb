const { BrowserWindow } = require('electron');

function main() {
  return new BrowserWindow({
    webPreferences: {
      // ruleid: javascript.electron.isolation-disabled
      contextIsolation: false,
      nodeIntegration: false,
    },
  });
}

function second() {
  // ruleid: javascript.electron.isolation-disabled
  return new BrowserWindow({ webPreferences: { sandbox: false, preload } });
}

function good() {
  // ok: javascript.electron.isolation-disabled
  return new BrowserWindow({ webPreferences: { contextIsolation: true, sandbox: true } });
}

// ok: javascript.electron.isolation-disabled
const iframe = { attributes: { sandbox: false } };

module.exports = { main, second, good, iframe };
