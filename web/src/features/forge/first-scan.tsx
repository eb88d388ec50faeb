import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { counted } from '@/lib/format'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { State } from '@/ui/ScanState'

/** Until the scan is there. */
const SOON_MS = 1_000

/** The third step of the first run: how the scan goes, and what it found. */
export function FirstScan({ repositoryId }: { repositoryId: string }) {
  const { slug } = useWorkspace()
  const query = useQuery({
    queryKey: ['scans', 'first', repositoryId],
    queryFn: () => answer(api.GET('/scans', { params: { query: { repositoryId, limit: 1 } as never } })),
    // It begins a moment after the repository is connected.
    refetchInterval: ({ state }) => (state.data?.scans.length ? false : SOON_MS),
  })
  return (
    <Panel title="First scan" padded>
      <Loaded query={query} rows={2}>
        {({ scans: [scan] }) =>
          scan === undefined ? (
            <p className="muted">It begins in a moment.</p>
          ) : (
            <div className="stack wide">
              <div role="status" className="stack">
                <p>
                  <State
                    id={scan.id}
                    status={scan.status}
                    progress={scan.progress}
                    durationMs={scan.durationMs}
                    error={scan.errorMessage}
                  />
                </p>
                {scan.status === 'completed' && <p className="strong">{counted(scan.vulnerabilitiesFound, 'finding')}</p>}
              </div>
              <div className="row wrap">
                {scan.status === 'completed' && scan.vulnerabilitiesFound > 0 ? (
                  <Link
                    to={'/w/$slug/findings' as never}
                    params={{ slug } as never}
                    search={{ repo: scan.repositoryId } as never}
                    className="button primary"
                  >
                    Look at them
                  </Link>
                ) : (
                  <Link to="/w/$slug" params={{ slug }} className="button">
                    Go to the overview
                  </Link>
                )}
                <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: scan.id } as never} className="button quiet">
                  Open the scan
                </Link>
              </div>
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}
