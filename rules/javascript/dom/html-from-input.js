const field = document.getElementById('comment');

document.getElementById('preview').addEventListener('click', () => {
  // ruleid: javascript.dom.html-from-input
  document.getElementById('output').innerHTML = document.getElementById('comment').value;
});

field.addEventListener('paste', (event) => {
  const text = event.clipboardData.getData('text/html');
  // ruleid: javascript.dom.html-from-input
  field.insertAdjacentHTML('beforeend', text);
});

function show(text) {
  // ruleid: javascript.dom.html-from-input
  $('#messages').append('<li>' + text + '</li>');
}

$('#send').on('click', () => show($('#message').val()));

document.getElementById('safe').addEventListener('click', () => {
  // ok: javascript.dom.html-from-input
  document.getElementById('output').textContent = document.getElementById('comment').value;
  // ok: javascript.dom.html-from-input
  document.getElementById('output').innerHTML = DOMPurify.sanitize(document.getElementById('comment').value);
});

$('#count').on('click', () => {
  const size = Number($('#size').val());
  // ok: javascript.dom.html-from-input
  $('#table').html(`<b>${size}</b>`);
});

$('#clear').on('click', () => {
  // ok: javascript.dom.html-from-input
  $('#messages').html('');
});
