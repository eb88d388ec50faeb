const params = new URLSearchParams(window.location.search);

export function afterLogin() {
  // ruleid: javascript.dom.navigation-from-address
  window.location.href = params.get('next');
}

export function leave() {
  const target = decodeURIComponent(location.hash.slice(1));
  // ruleid: javascript.dom.navigation-from-address
  location.assign(target);
}

function go(target) {
  // ruleid: javascript.dom.navigation-from-address
  window.location = target;
}

go(params.get('returnUrl') || '/');

export function popup() {
  // ruleid: javascript.dom.navigation-from-address
  window.open(params.get('url'), '_blank');
}

export function afterLoginSafe() {
  // ok: javascript.dom.navigation-from-address
  window.location.href = '/users/' + params.get('id');
  // ok: javascript.dom.navigation-from-address
  window.location.href = `/search?q=${params.get('q')}`;
}

export function checked() {
  const target = new URL(params.get('next'), location.origin);
  if (target.origin === location.origin) {
    // ok: javascript.dom.navigation-from-address
    location.assign(target);
  }
}

export function known() {
  // ok: javascript.dom.navigation-from-address
  location.href = params.get('to') === 'cart' ? '/cart' : '/';
}
