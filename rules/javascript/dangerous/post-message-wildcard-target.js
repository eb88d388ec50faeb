export function sendToken(token) {
  // ruleid: javascript.dangerous.post-message-wildcard-target
  window.parent.postMessage({ type: 'token', token }, '*');
}

export function toFrame(frame, user) {
  // ruleid: javascript.dangerous.post-message-wildcard-target
  frame.contentWindow.postMessage(JSON.stringify(user), '*');
  // ruleid: javascript.dangerous.post-message-wildcard-target
  window.opener.postMessage(user, { targetOrigin: '*' });
}

export function good(frame, user) {
  // ok: javascript.dangerous.post-message-wildcard-target
  frame.contentWindow.postMessage(user, 'https://app.example.org');
  // ok: javascript.dangerous.post-message-wildcard-target
  window.parent.postMessage('ready', '*');
}

export function worker(w, task) {
  // ok: javascript.dangerous.post-message-wildcard-target
  w.postMessage(task);
}
