import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { number, words } from '@/lib/format'
import { duration } from '@/lib/time'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { queuesQuery } from './queries'

interface HealthAnswer {
  status: string
  version: string
  uptimeSeconds: number
  checks: Record<string, string>
}

/** How the installation is. */
export function Health() {
  const health = useQuery({
    queryKey: ['health'],
    // Down is an answer too, with a status of its own.
    queryFn: async () => {
      const response = await fetch('/health')
      return (await response.json()) as HealthAnswer
    },
    refetchInterval: 30_000,
  })
  const system = useQuery({ queryKey: ['system'], queryFn: () => answer(api.GET('/admin/system')) })
  const queues = useQuery(queuesQuery)
  return (
    <>
      <Panel title="State">
        <Loaded query={health} rows={3}>
          {({ status, version, uptimeSeconds, checks }) => (
            <dl className="facts panel-body">
              <dt>Altogether</dt>
              <dd>
                {status === 'ok' ? <span className="ok">✓ everything answers</span> : <span className="bad">✕ {status}</span>}
              </dd>
              {Object.entries(checks).map(([part, state]) => (
                <Check key={part} part={part} ok={state === 'ok'} state={state} />
              ))}
              <dt>Runs for</dt>
              <dd>{duration(uptimeSeconds * 1_000)}</dd>
              <dt>Version</dt>
              <dd>{version}</dd>
              {system.data && (
                <>
                  <dt>Data is in</dt>
                  <dd>{system.data.database.kind === 'sqlite' ? 'the embedded database (SQLite)' : 'PostgreSQL'}</dd>
                </>
              )}
            </dl>
          )}
        </Loaded>
      </Panel>
      <Panel title="Queues">
        <Loaded query={queues} rows={3}>
          {(data) => (
            <table className="grid">
              <thead>
                <tr>
                  <th scope="col">Queue</th>
                  <th scope="col" className="end">
                    Running
                  </th>
                  <th scope="col" className="end">
                    Waiting
                  </th>
                  <th scope="col" className="end">
                    Later
                  </th>
                  <th scope="col" className="end">
                    Dead
                  </th>
                  <th scope="col" className="end">
                    Oldest waits
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.queues.map((queue) => (
                  <tr key={queue.name}>
                    <td className="first">
                      <Link to="/admin/jobs" search={{ queue: queue.name } as never}>
                        {words(queue.name)}
                      </Link>
                    </td>
                    <Count value={queue.running} word="running" />
                    <Count value={queue.depth} word="waiting" />
                    <Count value={queue.delayed} word="later" />
                    <td className="end">
                      {queue.dead > 0 ? (
                        <Link to="/admin/dead-letters" search={{ queue: queue.name } as never} className="bad">
                          {number(queue.dead)} <span className="narrow-only">dead</span>
                        </Link>
                      ) : (
                        <span className="muted">
                          0 <span className="narrow-only">dead</span>
                        </span>
                      )}
                    </td>
                    <td className="end" data-name="oldest">
                      {queue.oldestAgeSeconds == null ? '–' : duration(queue.oldestAgeSeconds * 1_000)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Panel>
    </>
  )
}

function Check({ part, ok, state }: { part: string; ok: boolean; state: string }) {
  return (
    <>
      <dt>{words(part.replace(/([A-Z])/g, ' $1').toLowerCase())}</dt>
      <dd>{ok ? <span className="ok">✓ answers</span> : <span className="bad">✕ {state}</span>}</dd>
    </>
  )
}

function Count({ value, word }: { value: number; word: string }) {
  return (
    <td className={value === 0 ? 'end muted' : 'end'}>
      {number(value)} <span className="narrow-only">{word}</span>
    </td>
  )
}
