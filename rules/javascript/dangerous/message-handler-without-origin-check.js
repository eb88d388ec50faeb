// ruleid: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('message', (event) => {
  document.title = event.data.title;
});

// ruleid: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('message', function (e) {
  const data = JSON.parse(e.data);
  if (data.action) actions[data.action](data.value);
}, false);

// ruleid: javascript.dangerous.message-handler-without-origin-check
window.onmessage = function (event) {
  load(event.data);
};

// ok: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('message', (event) => {
  if (event.origin !== 'https://app.example.org') return;
  document.title = event.data.title;
});

// ok: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('message', (event) => {
  if (event.source !== frame.contentWindow) return;
  load(event.data);
});

// ok: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('message', (event) => bridge.receive(event));

// ok: javascript.dangerous.message-handler-without-origin-check
worker.addEventListener('message', (event) => {
  load(event.data);
});

// ok: javascript.dangerous.message-handler-without-origin-check
window.addEventListener('resize', (event) => {
  layout(event.data);
});
