import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { repositoryQuery } from '@/api/repository'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { SEVERITIES } from '@/ui/Severity'
import { useDecide, type Why } from './decide'
import { DecisionDialog } from './decision-dialog'
import { type Filter, readFilter, toggled } from './filter'
import { type Facets, FilterBar } from './filter-bar'
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
      <FilterBar
        inRepository={repo !== undefined}
        filter={narrowed}
        change={change}
        facets={first?.facets as Facets | undefined}
        total={total}
      />
      {list.isError ? (
        <section className="panel">
          <Failed error={list.error} retry={() => list.refetch()} />
        </section>
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
            <NoneOpen repo={repo} />
          )}
        </section>
      ) : (
        <Rows list={list} total={total ?? 0} dimmed={list.isPlaceholderData} repo={repo} />
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

/** Pixels of a row, as density, width and size of text have it. */
function rowHeight(list: HTMLElement): number {
  const probe = document.createElement('div')
  probe.className = 'finding-row-height'
  list.append(probe)
  const height = probe.getBoundingClientRect().height
  probe.remove()
  return height || USUAL_HEIGHT
}

const USUAL_HEIGHT = 32

/** Rows outside the window, above and below, that are there already. */
const OVERSCAN = 6
/** Findings that are decided about together, in blocks; more than anybody has looked at. */
const MOST_SELECTED = 2_000

function Rows({
  list,
  total,
  dimmed,
  repo,
}: {
  list: ReturnType<typeof useFindings>
  total: number
  dimmed: boolean
  /** Of which all are. */
  repo: string | undefined
}) {
  const { slug } = useWorkspace()
  const mayDecide = useMay('member')
  const navigate = useNavigate()
  const decide = useDecide()
  const { searchStr } = useLocation()
  const address = `/app/w/${slug}/findings`
  const query = repo ? `?${new URLSearchParams([...new URLSearchParams(searchStr), ['repo', repo]])}` : searchStr
  const holder = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [deciding, setDeciding] = useState<'ignored' | 'false_positive'>()
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.vulnerabilities) ?? [], [list.data])
  const [height, setHeight] = useState(USUAL_HEIGHT)
  useLayoutEffect(() => {
    const list = holder.current
    if (!list) return
    const measure = () => setHeight(rowHeight(list))
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(list)
    return () => watch.disconnect()
  }, [])
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: holder.current?.offsetTop ?? 0,
  })
  // What was measured is forgotten when rows have another height.
  useEffect(() => virtual.measure(), [height])
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
  const toggle = useCallback((id: string | undefined, on?: boolean) => {
    if (!id) return
    setSelected((before) => {
      const now = new Set(before)
      if (on ?? !now.has(id)) now.add(id)
      else now.delete(id)
      return now
    })
  }, [])
  const open = useCallback(
    (id: string | undefined) => {
      if (!id) return
      // The page of a finding knows the list that it was opened from.
      const search = (before: object) => ({ ...before, ...(repo && { repo }) })
      navigate({ to: '/w/$slug/findings/$id' as never, params: { slug, id } as never, search: search as never })
    },
    [navigate, slug, repo],
  )
  const apply = (status: string, why?: Why) => {
    decide.mutate({ ids: targets, status, ...why })
    setSelected(new Set())
    // Where the row was stands its neighbour, and reading goes on there.
    requestAnimationFrame(() => move(Math.min(...targets.map((id) => rows.findIndex((row) => row.id === id)))))
  }
  const [gathering, setGathering] = useState(false)
  const selectAll = async () => {
    setGathering(true)
    let found = list.data?.pages ?? []
    let more = list.hasNextPage
    while (more && found.length * BLOCK < MOST_SELECTED) {
      const next = await list.fetchNextPage()
      found = next.data?.pages ?? found
      more = next.hasNextPage && !next.isError
    }
    setSelected(new Set(found.flatMap((page) => page.vulnerabilities.map(({ id }) => id)).slice(0, MOST_SELECTED)))
    setGathering(false)
  }
  useKeys([
    { keys: 'j', label: 'Next', group: 'List', run: () => move(current + 1) },
    { keys: 'k', label: 'Previous', group: 'List', run: () => move(current - 1) },
    { keys: 'Enter', label: 'Open', group: 'List', run: () => open(rows[current]?.id) },
    ...(mayDecide
      ? [
          { keys: 'x', label: 'Select', group: 'List', run: () => toggle(rows[current]?.id) },
          { keys: 'Shift+j', label: 'Select down', group: 'List', run: () => move(current + 1, true) },
          { keys: 'Shift+k', label: 'Select up', group: 'List', run: () => move(current - 1, true) },
          { keys: 'mod+a', label: 'Select all that match', group: 'List', run: () => void selectAll() },
          { keys: 'i', label: 'Ignore', group: 'List', run: () => targets.length > 0 && setDeciding('ignored') },
          { keys: 'p', label: 'False positive', group: 'List', run: () => targets.length > 0 && setDeciding('false_positive') },
          { keys: 'o', label: 'Reopen', group: 'List', run: () => targets.length > 0 && apply('open') },
        ]
      : []),
  ])
  // As in every grid, whether single keys are on or not.
  const walk = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key]
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    move(to, event.shiftKey && mayDecide)
  }
  // The whole row leads to its finding, unless what was pressed does something of its own, or words were being marked.
  const openAt = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || target.closest('a, input, label')) return
    const at = target.closest<HTMLElement>('[data-row]')?.dataset.row
    if (at && document.getSelection()?.isCollapsed !== false) open(rows[Number(at)]?.id)
  }
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
        onKeyDown={walk}
        onClick={openAt}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="rowgroup">
          {shown.map((item) => (
            <div
              key={item.key}
              role="presentation"
              className="finding-slot"
              style={{
                height: item.size,
                transform: `translateY(${item.start - virtual.options.scrollMargin}px)`,
              }}
            >
              <FindingRow
                finding={rows[item.index]}
                at={item.index}
                href={`${address}/${rows[item.index]?.id}${query}`}
                inRepository={repo !== undefined}
                current={item.index === current}
                selected={selected.has(rows[item.index]?.id ?? '')}
                onFocus={setCurrent}
                onOpen={open}
                onSelect={mayDecide ? toggle : undefined}
              />
            </div>
          ))}
        </div>
      </div>
      {mayDecide && selected.size > 0 && (
        <div className="bulk" role="toolbar" aria-label="What is selected">
          <strong className="num">{number(selected.size)} selected</strong>
          {selected.size < Math.min(total, MOST_SELECTED) && (
            <Button small busy={gathering && 'Selecting…'} onClick={selectAll}>
              Select all {number(Math.min(total, MOST_SELECTED))}
            </Button>
          )}
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
