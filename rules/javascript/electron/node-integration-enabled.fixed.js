const { BrowserWindow, BrowserView } = require('electron');

function main() {
  return new BrowserWindow({
    width: 800,
    webPreferences: {
      // ruleid: javascript.electron.node-integration-enabled
      nodeIntegration: false,
      preload,
    },
  });
}

function view() {
  // ruleid: javascript.electron.node-integration-enabled
  return new BrowserView({ webPreferences: { nodeIntegrationInWorker: false } });
}

function good() {
  return new BrowserWindow({
    // ok: javascript.electron.node-integration-enabled
    webPreferences: { nodeIntegration: false, contextIsolation: true, preload },
  });
}

function other() {
  // ok: javascript.electron.node-integration-enabled
  return new BrowserWindow({ webPreferences: { devTools: true } });
}
