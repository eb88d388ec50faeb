const params = new URLSearchParams(location.search);

export function language() {
  // ruleid: javascript.dom.cookie-from-address
  document.cookie = 'lang=' + params.get('lang');
}

export function campaign() {
  const source = location.hash.slice(1);
  // ruleid: javascript.dom.cookie-from-address
  document.cookie = `source=${source}; path=/`;
}

function keep(text) {
  // ruleid: javascript.dom.cookie-from-address
  document.cookie = text;
}

keep('from=' + document.referrer);

export function languageSafe() {
  // ok: javascript.dom.cookie-from-address
  document.cookie = 'lang=' + encodeURIComponent(params.get('lang'));
  // ok: javascript.dom.cookie-from-address
  document.cookie = 'lang=' + (params.get('lang') === 'de' ? 'de' : 'en');
  // ok: javascript.dom.cookie-from-address
  document.cookie = 'seen=1; path=/';
}
