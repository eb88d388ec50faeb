import React from 'react';

export function Profile({ url }: { url: string }) {
  // ruleid: javascript.react.target-blank-without-noopener
  return <a href={url} target="_blank">Website</a>;
}

export function Docs() {
  // ruleid: javascript.react.target-blank-without-noopener
  return <a className="link" target="_blank" href="https://docs.example.org">Docs</a>;
}

export function Good({ url, rel }: { url: string; rel: string }) {
  return (
    <p>
      {/* ok: javascript.react.target-blank-without-noopener */}
      <a href={url} target="_blank" rel="noopener noreferrer">Website</a>
      {/* ok: javascript.react.target-blank-without-noopener */}
      <a href={url} target="_blank" rel={rel}>Other</a>
      {/* ok: javascript.react.target-blank-without-noopener */}
      <a href="/terms" target="_blank">Terms</a>
      {/* ok: javascript.react.target-blank-without-noopener */}
      <a href={url}>Same tab</a>
    </p>
  );
}
