import { useQuery } from '@tanstack/react-query'
import { useFilter } from '@/lib/filter'
import { counted } from '@/lib/format'
import { CopyButton } from '@/ui/Button'
import { Empty, Loaded } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { type Document, example, groups, type Operation, schemaText } from './document'
import './reference.css'

/** The API as the program documents itself, and where else to look. */
export function Reference() {
  const [{ q = '' }, filter] = useFilter<{ q?: string }>()
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: async () => (await (await fetch('/api/v1/openapi.json')).json()) as Document,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Page
      title="API reference"
      heading="Help and API"
      about={
        <>
          Everything that the dashboard does goes over this API. Programs send a token as <code>Authorization: Bearer rmp_…</code>
          ; make one under Account, API tokens. Press <kbd>?</kbd> for the keys of a page.
        </>
      }
      actions={
        <a className="button small" href="/api/v1/openapi.json" download>
          OpenAPI 3.1
        </a>
      }
    >
      <Loaded query={document} rows={12}>
        {(data) => {
          const found = groups(data, q)
          const total = found.reduce((sum, [, operations]) => sum + operations.length, 0)
          return (
            <>
              <div className="toolbar">
                <SearchField label="Filter by path or words" value={q} onChange={(q) => filter({ q })} />
                <span className="muted num" role="status">
                  {counted(total, 'operation')}
                </span>
              </div>
              {total === 0 && <Empty title={`Nothing is called “${q}”.`} />}
              {found.map(([name, operations]) => (
                <Panel key={name} title={name}>
                  {operations.map((operation) => (
                    <Entry key={operation.id} operation={operation} document={data} />
                  ))}
                </Panel>
              ))}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Entry({ operation, document }: { operation: Operation; document: Document }) {
  const { method, path, summary, parameters, body, answers } = operation
  const curl = example(operation, document, window.location.origin)
  return (
    <details className="operation" id={operation.id}>
      <summary>
        <span className="method">{method.toUpperCase()}</span>
        <code>{path}</code>
        <span className="muted clip">{summary}</span>
      </summary>
      <div className="stack wide operation-body">
        {parameters.length > 0 && (
          <div>
            <h3>Parameters</h3>
            <dl className="facts">
              {parameters.map((parameter) => (
                <div className="fact" key={`${parameter.in}${parameter.name}`}>
                  <dt>
                    <code>{parameter.name}</code> <span className="caption">{parameter.in}</span>
                  </dt>
                  <dd>
                    {schemaText(parameter.schema, document)}
                    {parameter.description && <span className="muted"> {parameter.description}</span>}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        )}
        {body && (
          <div>
            <h3>Takes</h3>
            <pre className="schema">{schemaText(body, document)}</pre>
          </div>
        )}
        <div>
          <h3>Answers</h3>
          {answers.map((answer) => (
            <div key={answer.status} className="answer">
              <p>
                <code>{answer.status}</code> {answer.description}
              </p>
              {answer.schema && answer.status < '300' && <pre className="schema">{schemaText(answer.schema, document)}</pre>}
            </div>
          ))}
        </div>
        <div>
          <div className="row apart">
            <h3>With curl</h3>
            <CopyButton text={curl} label="Copy the command" />
          </div>
          <pre className="schema">{curl}</pre>
        </div>
      </div>
    </details>
  )
}
