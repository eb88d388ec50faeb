import DOMPurify from 'dompurify';
import sanitizeHtml from 'sanitize-html';
import React from 'react';

export function Post({ body }: { body: string }) {
  // ruleid: javascript.audit.dangerously-set-inner-html
  return <article dangerouslySetInnerHTML={{ __html: body }} />;
}

export function Created(props: { html: string }) {
  // ruleid: javascript.audit.dangerously-set-inner-html
  return React.createElement('div', { dangerouslySetInnerHTML: { __html: props.html } });
}

export function Late({ html }: { html: string }) {
  // ruleid: javascript.audit.dangerously-set-inner-html
  const markup = { __html: `<p>${html}</p>` };
  return <div className="late" dangerouslySetInnerHTML={markup}></div>;
}

export function Safe({ body }: { body: string }) {
  // ok: javascript.audit.dangerously-set-inner-html
  return <article dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(body) }} />;
}

export function SafeLater({ body }: { body: string }) {
  const clean = sanitizeHtml(body, { allowedTags: ['b'] });
  // ok: javascript.audit.dangerously-set-inner-html
  return <article dangerouslySetInnerHTML={{ __html: clean }} />;
}

export function Constant() {
  // ok: javascript.audit.dangerously-set-inner-html
  return <style dangerouslySetInnerHTML={{ __html: 'body { margin: 0 }' }} />;
}

export function Text({ body }: { body: string }) {
  // ok: javascript.audit.dangerously-set-inner-html
  return <article>{body}</article>;
}
