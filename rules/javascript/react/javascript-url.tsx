import React from 'react';

export function Print({ id }: { id: string }) {
  // ruleid: javascript.react.javascript-url
  return <a href="javascript:window.print()">Print</a>;
}

export function Remove({ id }: { id: string }) {
  // ruleid: javascript.react.javascript-url
  return <a href={`javascript:remove('${id}')`}>Remove</a>;
}

export function go(id: string) {
  // ruleid: javascript.react.javascript-url
  window.location.href = 'javascript:show(' + id + ')';
}

export function Good({ id }: { id: string }) {
  return (
    <p>
      {/* ok: javascript.react.javascript-url */}
      <button onClick={() => window.print()}>Print</button>
      {/* ok: javascript.react.javascript-url */}
      <a href="https://example.org/javascript:notes">Notes</a>
      {/* ok: javascript.react.javascript-url */}
      <a href="javascript:void(0)">Menu</a>
    </p>
  );
}
