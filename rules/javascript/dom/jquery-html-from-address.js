$(function () {
  const query = new URLSearchParams(location.search);
  // ruleid: javascript.dom.jquery-html-from-address
  $('#title').html(query.get('title'));

  // ruleid: javascript.dom.jquery-html-from-address
  $(location.hash).addClass('open');

  const message = query.get('message');
  // ruleid: javascript.dom.jquery-html-from-address
  $('#messages').find('ul').append('<li>' + message + '</li>');

  // ok: javascript.dom.jquery-html-from-address
  $('#title').text(query.get('title'));

  // ok: javascript.dom.jquery-html-from-address
  $('#title').html(DOMPurify.sanitize(query.get('title')));

  // ok: javascript.dom.jquery-html-from-address
  $('#page').html(Number(query.get('page')));

  // ok: javascript.dom.jquery-html-from-address
  $('#name').val(query.get('name'));
});

function note($box, text) {
  // ruleid: javascript.dom.jquery-html-from-address
  $box.prepend(text);
}

note($('#notes'), decodeURIComponent(window.location.hash));
