const { shell, ipcMain } = require('electron');
const electron = require('electron');

ipcMain.handle('open', (event, url) => {
  // ruleid: javascript.electron.open-external-unchecked
  return shell.openExternal(url);
});

function follow(window) {
  window.webContents.setWindowOpenHandler(({ url }) => {
    // ruleid: javascript.electron.open-external-unchecked
    electron.shell.openExternal(url);
    return { action: 'deny' };
  });
}

ipcMain.handle('open-safe', (event, url) => {
  if (new URL(url).protocol === 'https:') {
    // ok: javascript.electron.open-external-unchecked
    shell.openExternal(url);
  }
});

function help(page) {
  // ok: javascript.electron.open-external-unchecked
  shell.openExternal('https://docs.example.org');
  // ok: javascript.electron.open-external-unchecked
  shell.openExternal(`https://docs.example.org/${page}`);
}

module.exports = { follow, help };
