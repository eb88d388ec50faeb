import DOMPurify from 'dompurify';
import $ from 'jquery';

export function comment(list, text) {
  // ruleid: javascript.audit.insert-adjacent-html
  list.insertAdjacentHTML('beforeend', `<li>${text}</li>`);
}

export function fragment(range, html) {
  // ruleid: javascript.audit.insert-adjacent-html
  return range.createContextualFragment(html);
}

export function row(name) {
  // ruleid: javascript.audit.insert-adjacent-html
  $('#rows').append('<tr><td>' + name + '</td></tr>');
}

export function safe(list, text, html) {
  // ok: javascript.audit.insert-adjacent-html
  list.insertAdjacentText('beforeend', text);
  // ok: javascript.audit.insert-adjacent-html
  list.insertAdjacentHTML('beforeend', '<hr>');
  // ok: javascript.audit.insert-adjacent-html
  list.insertAdjacentHTML('beforeend', DOMPurify.sanitize(html));
  // ok: javascript.audit.insert-adjacent-html
  $('#rows').append('<tr class="empty"></tr>');
  // ok: javascript.audit.insert-adjacent-html
  $('#name').text('<' + text + '>');
}

export function form(data, file, node) {
  // ok: javascript.audit.insert-adjacent-html
  data.append('file' + file.index, file);
  // ok: javascript.audit.insert-adjacent-html
  list.append(node);
}
