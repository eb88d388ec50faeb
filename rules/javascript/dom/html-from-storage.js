export function restore() {
  // ruleid: javascript.dom.html-from-storage
  document.getElementById('draft').innerHTML = localStorage.getItem('draft');
}

export function welcome() {
  const name = document.cookie.split('name=')[1];
  // ruleid: javascript.dom.html-from-storage
  document.write('<p>Welcome back ' + name + '</p>');
}

function fill(box, markup) {
  // ruleid: javascript.dom.html-from-storage
  $(box).html(markup);
}

fill('#cart', sessionStorage.getItem('cart'));

export function restoreSafe() {
  // ok: javascript.dom.html-from-storage
  document.getElementById('draft').textContent = localStorage.getItem('draft');
  // ok: javascript.dom.html-from-storage
  document.getElementById('draft').innerHTML = DOMPurify.sanitize(localStorage.getItem('draft'));
}

export function count() {
  const seen = Number(localStorage.getItem('seen'));
  // ok: javascript.dom.html-from-storage
  document.getElementById('seen').innerHTML = `<b>${seen}</b>`;
}

export function theme() {
  // ok: javascript.dom.html-from-storage
  document.body.innerHTML = localStorage.getItem('theme') === 'dark' ? '<b>dark</b>' : '<b>light</b>';
}
