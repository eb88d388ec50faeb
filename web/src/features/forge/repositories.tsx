import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { useRows } from '@/lib/rows'
import { Button } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { SeverityCounts } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { ConnectDialog } from './connect'
import { languageName } from './language'
import { Score } from './score'

const ORDERS = [
  ['name', 'by name'],
  ['securityScore', 'lowest score first'],
  ['-totalVulnerabilities', 'most findings first'],
  ['-lastScanAt', 'scanned last first'],
] as const

const SCANS: Record<string, ReactNode> = {
  pending: <span className="muted">–</span>,
  scanning: <span>● running</span>,
  completed: <span className="ok">✓ done</span>,
  failed: <span className="bad">✕ failed</span>,
}

const STATES = [
  ['', 'Every scan'],
  ['completed', 'Scanned'],
  ['failed', 'Scan failed'],
  ['scanning', 'Scan runs'],
  ['pending', 'Never scanned'],
] as const

const PROVIDERS = [
  ['', 'Every origin'],
  ['github', 'GitHub'],
  ['gitlab', 'GitLab'],
  ['local', 'Git, local'],
] as const

interface Filter {
  q?: string
  provider?: string
  scanStatus?: string
  sort?: string
  page?: number
  connect?: boolean
}

export function Repositories() {
  const { slug } = useWorkspace()
  const [{ q, provider, scanStatus, sort, page, connect }, change] = useFilter<Filter>()
  const mayConnect = useMay('member')
  const list = useQuery({
    queryKey: ['repositories', slug, { q, provider, scanStatus, sort, page }],
    queryFn: () => {
      const query = { q, provider, scanStatus, sort, page, limit: 50 }
      return answer(api.GET('/repositories', { params: { query: query as never } }))
    },
    placeholderData: (before) => before,
  })
  const isNarrowed = Boolean(q || provider || scanStatus)
  const button = mayConnect && (
    <Button look="primary" onClick={() => change({ connect: true })}>
      Connect
    </Button>
  )
  return (
    <Page title="Repositories" actions={list.data && (list.data.total > 0 || isNarrowed) && button}>
      <div className="toolbar">
        <SearchField label="Filter by name" value={q ?? ''} onChange={(q) => change({ q })} />
        <FilterSelect label="Origin" value={provider} options={PROVIDERS} onChange={(provider) => change({ provider })} />
        <FilterSelect label="Scan" value={scanStatus} options={STATES} onChange={(scanStatus) => change({ scanStatus })} />
        <FilterSelect label="Sort" value={sort} options={ORDERS} onChange={(sort) => change({ sort })} />
        <Count of={list.data} one="repository" many="repositories" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.repositories}
        rows={8}
        empty={
          <Empty
            title={isNarrowed ? 'Nothing matches.' : 'No repositories yet.'}
            action={
              isNarrowed ? (
                <Button onClick={() => change({ q: undefined, provider: undefined, scanStatus: undefined })}>
                  Clear the filter
                </Button>
              ) : (
                button
              )
            }
          >
            {isNarrowed
              ? 'Take a part of the filter away to see more.'
              : 'Connect one to have it scanned: a folder on the machine of the server, or one at GitHub or GitLab.'}
          </Empty>
        }
      >
        {(items) => <Table items={items} />}
      </PagedList>
      {connect && mayConnect && <ConnectDialog onClose={() => change({ connect: undefined })} />}
    </Page>
  )
}

function Table({ items }: { items: Schemas['RepositorySummary'][] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const rows = useRows({
    count: items.length,
    open: (at) => navigate({ to: '/w/$slug/repositories/$id' as never, params: { slug, id: items[at]?.id } as never }),
  })
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col" style={{ width: '30%' }}>
            Name
          </th>
          <th scope="col">Score</th>
          <th scope="col" style={{ width: '30%' }}>
            Findings
          </th>
          <th scope="col">Last scan</th>
          <th scope="col">Scan</th>
        </tr>
      </thead>
      <tbody ref={rows.holder as never}>
        {items.map((repository, at) => (
          <tr key={repository.id} {...rows.row(at)}>
            <td className="first clip">
              <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id: repository.id } as never}>
                {repository.fullName}
              </Link>{' '}
              <span className="caption">{repository.language && languageName(repository.language)}</span>
            </td>
            <td data-name="score">
              <Score value={repository.securityScore} />
            </td>
            <td>
              {repository.lastScanAt ? (
                <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ repo: repository.id } as never}>
                  <SeverityCounts
                    counts={{
                      critical: repository.criticalCount,
                      high: repository.highCount,
                      medium: repository.mediumCount,
                      low: repository.lowCount,
                    }}
                  />
                </Link>
              ) : (
                <span className="muted">–</span>
              )}
            </td>
            <td data-name="scanned">
              <Time at={repository.lastScanAt} none="never" />
            </td>
            <td>{SCANS[repository.scanStatus] ?? repository.scanStatus}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
