#!/usr/bin/env node
const { exec, execSync, execFileSync } = require('child_process');
const fs = require('fs');
const yargs = require('yargs/yargs');
const shell = require('shelljs');

const version = process.argv[2];
// ruleid: javascript.injection.os-command-from-environment
execSync(`git tag v${version}`);

const branch = process.env.BRANCH_NAME;
// ruleid: javascript.injection.os-command-from-environment
exec('git checkout ' + branch, () => {});

function publish(folder) {
  // ruleid: javascript.injection.os-command-from-environment
  shell.exec(`rsync -a ${folder} host:/srv/site`);
}

publish(process.argv[3]);

// ok: javascript.injection.os-command-from-environment
execFileSync('git', ['tag', `v${version}`]);

// ok: javascript.injection.os-command-from-environment
execSync('npm run build', { env: process.env, stdio: 'inherit' });

const retries = Number(process.argv[4]);
// ok: javascript.injection.os-command-from-environment
execSync(`retry ${retries} make`);

const mode = process.env.NODE_ENV === 'production' ? 'production' : 'development';
// ok: javascript.injection.os-command-from-environment
execSync('webpack --mode ' + mode);

for (const plugin of fs.readdirSync('./plugins')) {
  // ok: javascript.injection.os-command-from-environment
  execSync(`cp -r ./plugins/${plugin} ./build/`);
}
