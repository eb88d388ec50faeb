import DOMPurify from 'dompurify';
import { useParams, useSearchParams } from 'react-router-dom';

export function Title() {
  const [params] = useSearchParams();
  // ruleid: javascript.react.html-from-address
  return <h1 dangerouslySetInnerHTML={{ __html: params.get('title') ?? '' }} />;
}

export function Preview() {
  const { draft } = useParams();
  const markup = `<p>${draft}</p>`;
  // ruleid: javascript.react.html-from-address
  return <iframe title="preview" srcDoc={markup} />;
}

function asMarkup(text: string) {
  // ruleid: javascript.react.html-from-address
  return { __html: text };
}

export function Note() {
  const text = decodeURIComponent(window.location.hash.slice(1));
  return <div dangerouslySetInnerHTML={asMarkup(text)} />;
}

export default async function Page({ searchParams }: { searchParams: { q: string } }) {
  const { q } = await searchParams;
  return (
    <main>
      {/* ruleid: javascript.react.html-from-address */}
      <p dangerouslySetInnerHTML={{ __html: 'Results for ' + q }} />
      {/* ok: javascript.react.html-from-address */}
      <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(q) }} />
      <p>{q}</p>
    </main>
  );
}

export function Safe() {
  const [params] = useSearchParams();
  const page = Number(params.get('page'));
  return (
    <section>
      {/* ok: javascript.react.html-from-address */}
      <b dangerouslySetInnerHTML={{ __html: `Page ${page}` }} />
      {/* ok: javascript.react.html-from-address */}
      <script dangerouslySetInnerHTML={{ __html: 'window.started = true' }} />
    </section>
  );
}
