import { useNavigate, useParams } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { SEVERITIES, SeverityMark } from '@/ui/Severity'
import { useDecide, type Why } from './decide'
import { DecisionDialog } from './decision-dialog'
import { ALL_STATUSES, type Filter, ORDERS, parseTyped, readFilter, STATUSES, toggled } from './filter'
import { BLOCK, useFindings } from './queries'
import { FindingRow } from './row'
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
  const narrowed = readFilter(search)
  const filter = repo ? { ...narrowed, repo } : narrowed
  const navigate = useNavigate()
  const list = useFindings(slug, filter)
  const first = list.data?.pages[0]
  const total = first?.total
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
      <FilterBar filter={narrowed} change={change} facets={first?.facets as Facets | undefined} total={total} />
      {list.isError ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : !first ? (
        <section className="panel">
          <SkeletonRows rows={16} />
        </section>
      ) : total === 0 ? (
        <section className="panel">
          {isFiltered ? (
            <Empty
              title="Nothing matches."
              action={<Button onClick={() => navigate({ to: '.', search: {}, replace: true })}>Clear the filter</Button>}
            >
              Take a part of the filter away to see more.
            </Empty>
          ) : (
            <Empty title="No open findings.">What scans find stands here, the worst first.</Empty>
          )}
        </section>
      ) : (
        <Rows list={list} total={total ?? 0} dimmed={list.isPlaceholderData} />
      )}
    </>
  )
}

type Facets = Record<string, { value: string; count: number }[]>

function FilterBar({
  filter,
  change,
  facets,
  total,
}: {
  filter: Filter
  change: (to: Partial<Filter>) => void
  facets: Facets | undefined
  total: number | undefined
}) {
  const count = (facet: string, value: string) => facets?.[facet]?.find((one) => one.value === value)?.count
  const chosen = filter.severity?.split(',') ?? []
  const statuses = [
    ...STATUSES.map(([status, label]) => {
      const known = count('status', status)
      return [status, known === undefined ? label : `${label} (${number(known)})`] as const
    }),
    [ALL_STATUSES, 'All'] as const,
  ]
  const typed = (text: string) => {
    const found = parseTyped(text)
    change({ ...found, q: found.q })
  }
  return (
    <div className="toolbar">
      <SearchField label="Filter: words, sev:high, rule:…" value={filter.q ?? ''} onChange={typed} />
      <fieldset className="fieldset row severity-filter" aria-label="Severity">
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="button small quiet"
            aria-pressed={chosen.includes(severity)}
            onClick={() => change({ severity: toggled(filter.severity, severity) })}
          >
            <SeverityMark severity={severity} />
            <span className="num">{count('severity', severity) ?? 0}</span>
          </button>
        ))}
      </fieldset>
      <FilterSelect label="Status" value={filter.status} options={statuses} onChange={(status) => change({ status })} />
      <FilterSelect label="Sort" value={filter.sort} options={ORDERS} onChange={(sort) => change({ sort })} />
      {(['repo', 'type', 'rule'] as const).map(
        (field) =>
          filter[field] && (
            <button type="button" key={field} className="button small" onClick={() => change({ [field]: undefined })}>
              {field} is {filter[field]} ×
            </button>
          ),
      )}
      <span className="muted num">{total !== undefined && `${number(total)} ${total === 1 ? 'finding' : 'findings'}`}</span>
    </div>
  )
}

/** Rows outside the window, above and below, that are there already. */
const OVERSCAN = 10

function Rows({ list, total, dimmed }: { list: ReturnType<typeof useFindings>; total: number; dimmed: boolean }) {
  const { slug } = useWorkspace()
  const mayDecide = useMay('member')
  const navigate = useNavigate()
  const decide = useDecide()
  const holder = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [deciding, setDeciding] = useState<'ignored' | 'false_positive'>()
  const rows = list.data?.pages.flatMap((page) => page.vulnerabilities) ?? []
  const height = Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10) || 32
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: holder.current?.offsetTop ?? 0,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    // Before the end of what is there is in sight.
    if (last >= rows.length - BLOCK / 4 && list.hasNextPage && !list.isFetchingNextPage) list.fetchNextPage()
  }, [last, rows.length, list])

  const targets = selected.size > 0 ? [...selected] : rows[current] ? [rows[current].id] : []
  const move = (to: number, extend = false) => {
    const next = Math.max(0, Math.min(rows.length - 1, to))
    setCurrent(next)
    virtual.scrollToIndex(next)
    if (extend) toggle(rows[next]?.id, true)
    requestAnimationFrame(() =>
      holder.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true }),
    )
  }
  const toggle = (id: string | undefined, on?: boolean) => {
    if (!id) return
    const now = new Set(selected)
    if (on ?? !now.has(id)) now.add(id)
    else now.delete(id)
    setSelected(now)
  }
  const open = () =>
    rows[current] &&
    navigate({ to: '/w/$slug/findings/$id' as never, params: { slug, id: rows[current].id } as never, search: true as never })
  const apply = (status: string, why?: Why) => {
    decide.mutate({ ids: targets, status, ...why })
    setSelected(new Set())
  }
  useKeys([
    { keys: 'j', label: 'Next', group: 'List', run: () => move(current + 1) },
    { keys: 'k', label: 'Previous', group: 'List', run: () => move(current - 1) },
    { keys: 'Shift+j', label: 'Select down', group: 'List', run: () => move(current + 1, true) },
    { keys: 'Shift+k', label: 'Select up', group: 'List', run: () => move(current - 1, true) },
    { keys: 'x', label: 'Select', group: 'List', run: () => toggle(rows[current]?.id) },
    { keys: 'Enter', label: 'Open', group: 'List', run: open },
    ...(mayDecide
      ? [
          { keys: 'i', label: 'Ignore', group: 'List', run: () => targets.length > 0 && setDeciding('ignored') },
          { keys: 'p', label: 'False positive', group: 'List', run: () => targets.length > 0 && setDeciding('false_positive') },
          { keys: 'o', label: 'Reopen', group: 'List', run: () => targets.length > 0 && apply('open') },
        ]
      : []),
  ])
  return (
    <>
      <div
        className="finding-rows panel"
        role="grid"
        aria-label="Findings"
        aria-rowcount={total}
        aria-multiselectable="true"
        ref={holder}
        data-dimmed={dimmed || undefined}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="rowgroup">
          {shown.map((item) => (
            <div
              key={item.key}
              role="presentation"
              style={{
                position: 'absolute',
                insetInline: 0,
                height: item.size,
                transform: `translateY(${item.start - virtual.options.scrollMargin}px)`,
              }}
            >
              <FindingRow
                finding={rows[item.index]}
                at={item.index}
                slug={slug}
                current={item.index === current}
                selected={selected.has(rows[item.index]?.id ?? '')}
                onFocus={() => setCurrent(item.index)}
                onSelect={mayDecide ? () => toggle(rows[item.index]?.id) : undefined}
              />
            </div>
          ))}
        </div>
      </div>
      {selected.size > 0 && (
        <div className="bulk" role="toolbar" aria-label="What is selected">
          <strong className="num">{number(selected.size)} selected</strong>
          <Button small onClick={() => setSelected(new Set(rows.map((row) => row.id)))}>
            Select the {number(rows.length)} loaded
          </Button>
          <Button small onClick={() => setDeciding('ignored')}>
            Ignore… <kbd>i</kbd>
          </Button>
          <Button small onClick={() => setDeciding('false_positive')}>
            False positive… <kbd>p</kbd>
          </Button>
          <Button small onClick={() => apply('open')}>
            Reopen <kbd>o</kbd>
          </Button>
          <Button small look="quiet" onClick={() => setSelected(new Set())}>
            Clear
          </Button>
        </div>
      )}
      {deciding && (
        <DecisionDialog
          status={deciding}
          count={targets.length}
          onDecide={(why) => apply(deciding, why)}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </>
  )
}
