import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useRows } from '@/lib/rows'
import { Empty, Loaded } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { Pager } from '@/ui/Pager'
import { Time } from '@/ui/Time'
import { State } from './state'
import './analysis.css'

const STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled']

export function Scans() {
  const { slug } = useWorkspace()
  const { status, page } = useSearch({ strict: false }) as { status?: string; page?: number }
  const navigate = useNavigate()
  const list = useQuery({
    queryKey: ['scans', slug, { status, page }],
    queryFn: () => answer(api.GET('/scans', { params: { query: { status, page, limit: 50 } as never } })),
    placeholderData: (before) => before,
  })
  const scans = list.data?.scans ?? []
  const rows = useRows({
    count: scans.length,
    open: (at) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id: scans[at]?.id } as never }),
  })
  return (
    <Page title="Scans">
      <div className="toolbar">
        <select
          className="input small fit"
          aria-label="Status"
          value={status ?? ''}
          onChange={(event) => navigate({ to: '.', search: { status: event.target.value || undefined } as never, replace: true })}
        >
          <option value="">Every status</option>
          {STATUSES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <Panel>
        <Loaded query={list}>
          {(data) =>
            data.scans.length === 0 ? (
              <Empty title={status ? 'No such scans.' : 'Nothing was scanned yet.'}>A scan is started from a repository.</Empty>
            ) : (
              <>
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
                    {data.scans.map((scan, at) => (
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
                        <td className="end">{scan.newVulnerabilities}</td>
                        <td className="end">{scan.fixedVulnerabilities}</td>
                        <td className="muted">{scan.triggerType}</td>
                        <td>
                          <Time at={scan.createdAt} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <Pager page={data.page} perPage={data.perPage} total={data.total} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  )
}
