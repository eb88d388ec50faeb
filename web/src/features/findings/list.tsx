import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { repositoryQuery } from '@/api/repository'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { SEVERITIES } from '@/ui/Severity'
import { type Filter, readFilter, toggled } from './filter'
import { type Facets, FilterBar } from './filter-bar'
import { Grid } from './grid'
import { useFindings } from './queries'
import './findings.css'

export function Findings() {
  return (
    <Page title="Findings">
      <FindingList />
    </Page>
  )
}

export function RepositoryFindings() {
  const { id } = useParams({ strict: false }) as { id?: string }
  return <FindingList repo={id} />
}

/** Those of all repositories, or of one. */
function FindingList({ repo }: { repo?: string }) {
  const { slug } = useWorkspace()
  const [search, change] = useFilter<Filter>()
  const narrowed = useMemo(() => readFilter(search), [search])
  const filter = useMemo(() => (repo ? { ...narrowed, repo } : narrowed), [narrowed, repo])
  const navigate = useNavigate()
  const list = useFindings(slug, filter)
  const rows = list.data
  const total = rows?.at.length
  useEffect(() => {
    if (total !== undefined) announce(`${number(total)} findings`)
  }, [total])
  useKeys(
    SEVERITIES.map((severity, at) => ({
      keys: String(at + 1),
      label: `Only ${severity}, or not`,
      group: 'List',
      run: () => change({ severity: toggled(filter.severity, severity) }),
    })),
  )
  const isFiltered = Object.keys(narrowed).some((field) => field !== 'sort')
  return (
    <>
      <FilterBar
        inRepository={repo !== undefined}
        filter={narrowed}
        change={change}
        facets={rows?.facets as Facets | undefined}
        total={total}
      />
      {rows && rows.at.length > 0 ? (
        <Grid rows={rows} filter={filter} isOld={list.isPlaceholderData} inRepository={repo !== undefined} />
      ) : (
        <section className="panel">
          {rows ? (
            isFiltered ? (
              <Empty
                title="Nothing matches."
                action={<Button onClick={() => navigate({ to: '.', search: {}, replace: true })}>Clear the filter</Button>}
              >
                Take a part of the filter away to see more.
              </Empty>
            ) : (
              <NoneOpen repo={repo} />
            )
          ) : list.isError ? (
            <Failed error={list.error} retry={() => list.refetch()} />
          ) : (
            <SkeletonRows rows={16} />
          )}
        </section>
      )}
    </>
  )
}

/** Nothing found is good news only where somebody looked. */
function NoneOpen({ repo }: { repo: string | undefined }) {
  const scan = useQuery({ ...repositoryQuery(repo ?? ''), enabled: repo !== undefined }).data?.scanStatus
  if (scan === 'failed') return <Empty title="Not known.">The last scan failed; what it would have found is not here.</Empty>
  if (scan === 'pending') return <Empty title="Not known yet.">The repository was not scanned so far.</Empty>
  return <Empty title="No open findings.">What scans find stands here, the worst first.</Empty>
}
