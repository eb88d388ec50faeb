window.addEventListener('message', (event) => {
  // ruleid: javascript.dom.html-from-message
  document.getElementById('preview').innerHTML = event.data.html;
});

window.onmessage = (e) => {
  const { script } = e.data;
  // ruleid: javascript.dom.html-from-message
  eval(script);
};

function render(markup) {
  // ruleid: javascript.dom.html-from-message
  document.body.insertAdjacentHTML('beforeend', markup);
}

window.addEventListener('message', function (event) {
  render('<p>' + event.data + '</p>');
});

window.addEventListener('message', (event) => {
  if (event.origin !== 'https://app.example.com') {
    return;
  }
  // ok: javascript.dom.html-from-message
  document.getElementById('preview').innerHTML = event.data.html;
});

window.addEventListener('message', (event) => {
  // ok: javascript.dom.html-from-message
  document.getElementById('preview').textContent = event.data.text;
});

window.addEventListener('message', (event) => {
  // ok: javascript.dom.html-from-message
  document.getElementById('preview').innerHTML = DOMPurify.sanitize(event.data.html);
});
