function poll(id) {
  // ruleid: javascript.audit.timer-with-string
  setTimeout('refresh(' + id + ')', 1000);
  // ruleid: javascript.audit.timer-with-string
  window.setInterval(`tick(${id})`, 500);
}

function once() {
  // ruleid: javascript.audit.timer-with-string
  setTimeout('start()', 10);
}

function good(id) {
  // ok: javascript.audit.timer-with-string
  setTimeout(() => refresh(id), 1000);
  // ok: javascript.audit.timer-with-string
  setInterval(tick, 500, id);
  // ok: javascript.audit.timer-with-string
  clock.setTimeout('daily', 1000);
}
