export async function load() {
  const response = await fetch('/api/comments');
  const comments = await response.json();
  for (const comment of comments) {
    // ruleid: javascript.dom.html-from-response
    document.getElementById('list').innerHTML += `<li>${comment.text}</li>`;
  }
}

export function profile() {
  axios.get('/api/profile').then((answer) => {
    // ruleid: javascript.dom.html-from-response
    document.querySelector('.name').innerHTML = answer.data.name;
  });
}

function row(item) {
  return '<td>' + item.title + '</td>';
}

$.getJSON('/api/items', function (items) {
  // ruleid: javascript.dom.html-from-response
  $('#table').append(row(items[0]));
});

export async function loadSafe() {
  const response = await fetch('/api/comments');
  const comments = await response.json();
  // ok: javascript.dom.html-from-response
  document.getElementById('list').textContent = comments[0].text;
  // ok: javascript.dom.html-from-response
  document.getElementById('list').innerHTML = DOMPurify.sanitize(comments[0].text);
  // ok: javascript.dom.html-from-response
  document.getElementById('count').innerHTML = `<b>${comments.length}</b>`;
}

export async function status() {
  const response = await fetch('/api/status');
  // ok: javascript.dom.html-from-response
  document.getElementById('status').innerHTML = response.ok ? '<b>up</b>' : '<b>down</b>';
}
