import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { useRows } from '@/lib/rows'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { State } from '@/ui/ScanState'
import { Time } from '@/ui/Time'
import { trigger } from './words'

const STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled']

export function Scans() {
  return (
    <Page title="Scans">
      <ScanList />
    </Page>
  )
}

export function RepositoryScans() {
  const { id } = useParams({ strict: false }) as { id?: string }
  return <ScanList repositoryId={id} />
}

/** Those of all repositories, or of one. */
function ScanList({ repositoryId }: { repositoryId?: string }) {
  const { slug } = useWorkspace()
  const [{ status, page }, change] = useFilter<{ status?: string; page?: number }>()
  const navigate = useNavigate()
  const list = useQuery({
    queryKey: ['scans', slug, { repositoryId, status, page }],
    queryFn: () => answer(api.GET('/scans', { params: { query: { repositoryId, status, page, limit: 50 } as never } })),
    placeholderData: (before) => before,
  })
  const scans = list.data?.scans ?? []
  const rows = useRows({
    count: scans.length,
    open: (at) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id: scans[at]?.id } as never }),
  })
  return (
    <>
      <div className="toolbar">
        <FilterSelect
          label="Status"
          value={status}
          options={[['', 'Every status'], ...STATUSES]}
          onChange={(status) => change({ status })}
        />
        <Count of={list.data} one="scan" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.scans}
        empty={<Empty title={status ? 'No such scans.' : 'Nothing was scanned yet.'}>A scan is started from a repository.</Empty>}
      >
        {(scans) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Repository</th>
                <th scope="col">Commit</th>
                <th scope="col" style={{ width: '30%' }}>
                  Status
                </th>
                <th scope="col" className="end">
                  New
                </th>
                <th scope="col" className="end">
                  Fixed
                </th>
                <th scope="col">By</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody ref={rows.holder as never}>
              {scans.map((scan, at) => (
                <tr key={scan.id} {...rows.row(at)}>
                  <td className="first clip">
                    <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: scan.id } as never}>
                      {scan.repositoryName}
                    </Link>
                  </td>
                  <td className="clip">
                    <code>{scan.commitHash?.slice(0, 7) ?? '–'}</code> <span className="muted">{scan.branch}</span>
                  </td>
                  <td className="clip">
                    <State
                      id={scan.id}
                      status={scan.status}
                      progress={scan.progress}
                      durationMs={scan.durationMs}
                      error={scan.errorMessage}
                    />
                  </td>
                  <td className="end" data-name="new">
                    {scan.status === 'completed' ? scan.newVulnerabilities : '–'}
                  </td>
                  <td className="end" data-name="fixed">
                    {scan.status === 'completed' ? scan.fixedVulnerabilities : '–'}
                  </td>
                  <td className="muted" data-name="by">
                    {trigger(scan.triggerType)}
                  </td>
                  <td>
                    <Time at={scan.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </PagedList>
    </>
  )
}
