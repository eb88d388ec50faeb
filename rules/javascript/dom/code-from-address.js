export function start() {
  // ruleid: javascript.dom.code-from-address
  eval(location.hash.slice(1));
}

export function callback() {
  const name = new URLSearchParams(window.location.search).get('callback');
  // ruleid: javascript.dom.code-from-address
  setTimeout(name + '()', 100);
}

function compile(body) {
  // ruleid: javascript.dom.code-from-address
  return new Function('data', body);
}

compile('return ' + decodeURIComponent(window.name));

const actions = { open: () => {}, close: () => {} };

export function startSafe() {
  const name = location.hash.slice(1);
  // ok: javascript.dom.code-from-address
  setTimeout(() => console.info(name), 100);
  // ok: javascript.dom.code-from-address
  JSON.parse(decodeURIComponent(location.hash.slice(1)));
}

export function count() {
  const seconds = Number(new URLSearchParams(location.search).get('seconds'));
  // ok: javascript.dom.code-from-address
  setTimeout('tick()', seconds);
}
