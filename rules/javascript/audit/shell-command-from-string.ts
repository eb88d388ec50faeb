import { execSync } from 'node:child_process';
import * as childProcess from 'child_process';

export function size(path: string): string {
  // ruleid: javascript.audit.shell-command-from-string
  return execSync(`du -sh ${path}`).toString();
}

export function kill(pid: string): void {
  // ruleid: javascript.audit.shell-command-from-string
  childProcess.exec('kill -9 ' + pid);
}

export function head(): string {
  // ok: javascript.audit.shell-command-from-string
  return execSync('git rev-parse HEAD').toString();
}

export function version(): void {
  // ok: javascript.audit.shell-command-from-string
  childProcess.execFile('node', ['--version']);
}
