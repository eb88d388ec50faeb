export function remember(form) {
  // ruleid: javascript.debug.credential-in-browser-storage
  localStorage.setItem('password', form.password);
}

export function save() {
  const value = document.getElementById('password').value;
  // ruleid: javascript.debug.credential-in-browser-storage
  document.cookie = 'login=' + value;
}

function keep(name, value) {
  // ruleid: javascript.debug.credential-in-browser-storage
  sessionStorage.setItem(name, JSON.stringify(value));
}

export function store(account) {
  keep('card', { number: account.cardNumber });
}

export function rememberSafe(form) {
  // ok: javascript.debug.credential-in-browser-storage
  localStorage.setItem('user', form.user);
  // ok: javascript.debug.credential-in-browser-storage
  localStorage.setItem('hasPassword', String(form.password.length > 0));
}

export async function login(form) {
  const session = await fetch('/login', { method: 'POST', body: JSON.stringify({ password: form.password }) });
  // ok: javascript.debug.credential-in-browser-storage
  sessionStorage.setItem('status', String(session.status));
}

export function theme(form) {
  // ok: javascript.debug.credential-in-browser-storage
  document.cookie = 'theme=' + form.theme;
}
