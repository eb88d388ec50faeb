import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { State } from '@/ui/ScanState'
import { Time } from '@/ui/Time'

type Scan = Schemas['Scan']

/** So many are shown of each kind. */
const SHOWN = 5
/** A failure that is older is on the repository's page. */
const DAY_MS = 86_400_000

/** What is being scanned, what waits, and what failed since yesterday: it changes as it happens. */
export function ScanningNow({ slug, running: count }: { slug: string; running: number }) {
  const scans = (query: { status?: string; limit: number }) => ({
    queryKey: ['scans', slug, query],
    queryFn: () => answer(api.GET('/scans', { params: { query: query as never } })),
  })
  // Whatever waits or has failed is among the newest, and mostly what is running too.
  const newest = useQuery(scans({ limit: 50 }))
  const known = newest.data?.scans.filter(({ status }) => status === 'running') ?? []
  const isMissing = newest.data !== undefined && known.length < Math.min(count, SHOWN)
  const others = useQuery({ ...scans({ status: 'running', limit: SHOWN }), enabled: isMissing })
  const running = isMissing ? (others.data?.scans ?? known) : known.slice(0, SHOWN)
  return (
    <Panel
      title="Scanning now"
      actions={
        <Link to={'/w/$slug/scans' as never} params={{ slug } as never}>
          All
        </Link>
      }
    >
      <Loaded query={newest} rows={2}>
        {({ scans }) => <Lines slug={slug} running={running} newest={scans} />}
      </Loaded>
    </Panel>
  )
}

function Lines({ slug, running, newest }: { slug: string; running: Scan[]; newest: Scan[] }) {
  const waiting = newest.filter(({ status }) => status === 'queued')
  const failed = failures(newest)
  const last = newest.find(({ status }) => status === 'completed')
  if (running.length + waiting.length + failed.length === 0)
    return (
      <ul className="next">
        <li className="muted">
          <span className="grow said">
            Nothing.{' '}
            {last && (
              <>
                The last was <Of scan={last} slug={slug} />.
              </>
            )}
          </span>
          {last && (
            <span className="caption">
              <Time at={last.createdAt} />
            </span>
          )}
        </li>
      </ul>
    )
  const more = waiting.length - SHOWN
  return (
    <ul className="next">
      {[...running, ...waiting.slice(0, SHOWN), ...failed].map((scan) => (
        <li key={scan.id}>
          <span className="grow clip">
            <Of scan={scan} slug={slug} />
          </span>
          <State id={scan.id} status={scan.status} progress={scan.progress} durationMs={scan.durationMs} error={undefined} />
          {scan.status === 'failed' && (
            <span className="caption">
              <Time at={scan.createdAt} />
            </span>
          )}
        </li>
      ))}
      {more > 0 && <li className="muted">and {more} more that wait</li>}
    </ul>
  )
}

function Of({ scan, slug }: { scan: Scan; slug: string }) {
  return (
    <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: scan.id } as never}>
      {scan.repositoryName.split('/').at(-1)}
    </Link>
  )
}

/** Of each repository the newest scan, where it failed; `newest` come newest first. */
export function failures(newest: Scan[], now = Date.now()): Scan[] {
  const seen = new Set<string>()
  const first = newest.filter(({ repositoryId }) => !seen.has(repositoryId) && seen.add(repositoryId))
  return first.filter(({ status, createdAt }) => status === 'failed' && now - Date.parse(createdAt) < DAY_MS).slice(0, SHOWN)
}
