import serialize from 'serialize-javascript';

export default async function Page({ searchParams }: { searchParams: { q: string } }) {
  const state = { query: searchParams.q };
  return (
    <main>
      {/* ruleid: javascript.xss.json-in-script-from-request */}
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: JSON.stringify(state) }} />
      {/* ok: javascript.xss.json-in-script-from-request */}
      <script dangerouslySetInnerHTML={{ __html: serialize(state, { isJSON: true }) }} />
      {/* ok: javascript.xss.json-in-script-from-request */}
      <script dangerouslySetInnerHTML={{ __html: JSON.stringify({ name: 'page' }) }} />
    </main>
  );
}
