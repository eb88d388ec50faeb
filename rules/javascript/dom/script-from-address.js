const params = new URLSearchParams(location.search);

export function widget() {
  const script = document.createElement('script');
  // ruleid: javascript.dom.script-from-address
  script.src = params.get('widget');
  document.head.appendChild(script);
}

export function frame() {
  const view = document.createElement('iframe');
  const target = location.hash.substring(1);
  // ruleid: javascript.dom.script-from-address
  view.setAttribute('src', target);
  document.body.appendChild(view);
}

function load(address) {
  // ruleid: javascript.dom.script-from-address
  $.getScript(address);
}

load('//' + params.get('host') + '/plugin.js');

export function widgetSafe() {
  const script = document.createElement('script');
  // ok: javascript.dom.script-from-address
  script.src = `https://static.example.com/widgets/${params.get('widget')}.js`;
  document.head.appendChild(script);
}

export function known() {
  const script = document.createElement('script');
  // ok: javascript.dom.script-from-address
  script.src = params.get('widget') === 'map' ? '/map.js' : '/list.js';
  document.head.appendChild(script);
}

export function picture() {
  const image = document.createElement('img');
  // ok: javascript.dom.script-from-address
  image.src = params.get('picture');
  document.body.appendChild(image);
}
