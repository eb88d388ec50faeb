const params = new URLSearchParams(window.location.search);

export function greet() {
  // ruleid: javascript.dom.html-from-address
  document.getElementById('greeting').innerHTML = 'Hello ' + params.get('name');
}

export function banner() {
  const text = decodeURIComponent(location.hash.slice(1));
  // ruleid: javascript.dom.html-from-address
  document.write('<p>' + text + '</p>');
}

function show(element, markup) {
  // ruleid: javascript.dom.html-from-address
  element.insertAdjacentHTML('beforeend', markup);
}

export function back() {
  show(document.body, `<a href="${document.referrer}">back</a>`);
}

export function frame() {
  const { hash } = window.location;
  const node = document.createElement('div');
  // ruleid: javascript.dom.html-from-address
  node.outerHTML = `<section>${hash}</section>`;
}

export function greetSafe() {
  // ok: javascript.dom.html-from-address
  document.getElementById('greeting').textContent = 'Hello ' + params.get('name');
  // ok: javascript.dom.html-from-address
  document.getElementById('greeting').innerHTML = DOMPurify.sanitize(params.get('name'));
}

export function page() {
  const number = parseInt(params.get('page'), 10);
  // ok: javascript.dom.html-from-address
  document.getElementById('page').innerHTML = `<b>${number}</b>`;
}

export function theme() {
  const name = params.get('theme') === 'dark' ? 'dark' : 'light';
  // ok: javascript.dom.html-from-address
  document.body.innerHTML += '<link rel="stylesheet" href="/' + name + '.css">';
}

export function encoded() {
  // ok: javascript.dom.html-from-address
  document.body.innerHTML = '<a href="/search?q=' + encodeURIComponent(params.get('q')) + '">search</a>';
}
