const { app, BrowserWindow, ipcMain, shell } = require('electron');
const { exec, execFile } = require('child_process');

ipcMain.handle('run', (event, command) => {
  // ruleid: javascript.electron.command-from-renderer
  exec(command);
});

ipcMain.on('convert', (event, name, format) => {
  const line = `convert "${name}" out.${format}`;
  // ruleid: javascript.electron.command-from-renderer
  exec(line, () => event.reply('done'));
});

function open(target) {
  // ruleid: javascript.electron.command-from-renderer
  return shell.openPath(target);
}

ipcMain.handle('open', async (event, target) => open(target));

const REPORTS = { daily: '/srv/daily.pdf', weekly: '/srv/weekly.pdf' };

ipcMain.handle('report', (event, name) => {
  const file = name === 'daily' ? REPORTS.daily : REPORTS.weekly;
  // ok: javascript.electron.command-from-renderer
  return shell.openPath(file);
});

ipcMain.handle('version', (event, name) => {
  // ok: javascript.electron.command-from-renderer
  execFile('convert', ['--version'], () => event.reply(name));
});

ipcMain.handle('count', (event, count) => {
  const lines = Number(count);
  // ok: javascript.electron.command-from-renderer
  exec(`tail -n ${lines} app.log`);
});
