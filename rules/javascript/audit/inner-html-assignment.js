import DOMPurify from 'dompurify';
import escapeHtml from 'escape-html';

export function greet(params) {
  // ruleid: javascript.audit.inner-html-assignment
  document.getElementById('greeting').innerHTML = 'Hello ' + params.get('name');
}

export function list(items) {
  const el = document.querySelector('ul');
  for (const item of items) {
    // ruleid: javascript.audit.inner-html-assignment
    el.innerHTML += `<li>${item.title}</li>`;
  }
}

export function frame(node, html) {
  // ruleid: javascript.audit.inner-html-assignment
  node.srcdoc = html;
  // ruleid: javascript.audit.inner-html-assignment
  node.outerHTML = html;
}

export function safe(el, name, html) {
  // ok: javascript.audit.inner-html-assignment
  el.textContent = name;
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = DOMPurify.sanitize(html);
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = escapeHtml(name);
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = '';
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = `<p>Loading</p>`;
}

export function toggle(el, open, items, copy) {
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = open ? '&minus;' : '&plus;';
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = items.length;
  // ok: javascript.audit.inner-html-assignment
  el.innerHTML = copy.innerHTML;
}
