import { useSearchParams } from 'react-router-dom';

export function Back() {
  const [params] = useSearchParams();
  // ruleid: javascript.react.href-from-address
  return <a href={params.get('back') ?? '/'}>back</a>;
}

export function Frame() {
  const source = new URLSearchParams(window.location.search).get('src');
  // ruleid: javascript.react.href-from-address
  return <iframe title="content" src={source ?? ''} />;
}

function Leave({ target }: { target: string }) {
  // ok: javascript.react.href-from-address
  return <a href={`/leave?to=${encodeURIComponent(target)}`}>leave</a>;
}

function target(params: URLSearchParams) {
  return params.get('url') as string;
}

export function Continue() {
  const [params] = useSearchParams();
  // ruleid: javascript.react.href-from-address
  return <form action={target(params)}><button>Continue</button></form>;
}

export function Item() {
  const [params] = useSearchParams();
  // ok: javascript.react.href-from-address
  return <a href={`/items/${params.get('id')}`}>item</a>;
}

export function Known() {
  const [params] = useSearchParams();
  // ok: javascript.react.href-from-address
  return <a href={params.get('to') === 'cart' ? '/cart' : '/'}>go</a>;
}

export function Picture() {
  const [params] = useSearchParams();
  // ok: javascript.react.href-from-address
  return <img alt="" src={params.get('picture') ?? ''} />;
}
