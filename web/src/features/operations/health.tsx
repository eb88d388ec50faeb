import { useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { words } from '@/lib/format'
import { duration } from '@/lib/time'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Alerts } from './alerts'
import { Queues } from './queues'

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
      <Alerts />
      <Queues />
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
