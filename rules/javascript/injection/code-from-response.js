const { exec, execFile } = require('child_process');
const vm = require('vm');
const axios = require('axios');

async function plugin(name) {
  const response = await fetch(`https://plugins.example.com/${name}.js`);
  const code = await response.text();
  // ruleid: javascript.injection.code-from-response
  eval(code);
}

async function rules() {
  const answer = await axios.get('https://rules.example.com/current');
  // ruleid: javascript.injection.code-from-response
  return vm.runInNewContext(answer.data.rule, {});
}

function install(script) {
  // ruleid: javascript.injection.code-from-response
  exec(script);
}

async function update() {
  const answer = await axios.get('https://update.example.com/script');
  install(answer.data);
}

async function settings() {
  const response = await fetch('https://settings.example.com/');
  // ok: javascript.injection.code-from-response
  return JSON.parse(await response.text());
}

async function known() {
  const answer = await axios.get('https://rules.example.com/current');
  const rule = answer.data.strict ? 'a > 1' : 'a > 0';
  // ok: javascript.injection.code-from-response
  return vm.runInNewContext(rule, { a: answer.data.a });
}

async function resize() {
  const answer = await axios.get('https://settings.example.com/size');
  // ok: javascript.injection.code-from-response
  execFile('convert', ['in.png', '-resize', answer.data.size, 'out.png']);
}

module.exports = { plugin, rules, update, settings, known, resize };
