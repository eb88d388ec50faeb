const { BrowserWindow } = require('electron');

function main() {
  return new BrowserWindow({
    webPreferences: {
      // ruleid: javascript.electron.web-security-disabled
      webSecurity: false,
    },
  });
}

function mixed() {
  // ruleid: javascript.electron.web-security-disabled
  return new BrowserWindow({ webPreferences: { allowRunningInsecureContent: true } });
}

function good() {
  // ok: javascript.electron.web-security-disabled
  return new BrowserWindow({ webPreferences: { webSecurity: true } });
}

// ok: javascript.electron.web-security-disabled
const flags = { webSecurity: false };

module.exports = { main, mixed, good, flags };
