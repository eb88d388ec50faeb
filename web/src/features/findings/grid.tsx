import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { said } from '@/api/problem'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { useInSight, useReused } from '@/lib/in-sight'
import { useKeys } from '@/lib/keys'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toast'
import { type Column, template, useColumns } from './columns'
import { type Dismissal, useDecide, type Why } from './decide'
import { DecisionDialog } from './decision-dialog'
import type { Filter } from './filter'
import { Peek } from './peek'
import { gather, useBlocks } from './queries'
import { FindingRow } from './row'
import { placeOf, type Rows } from './rows'

const USUAL_HEIGHT = 32
/** Rows before the end of what is known at which more is asked for. */
const AHEAD = 25
/** The address follows a peek that rests on a row for so long. */
const REST_MS = 150
/** Findings that are decided about together, in blocks; more than anybody has looked at. */
const MOST_SELECTED = 2_000

interface Props {
  rows: Rows
  filter: Filter
  /** They are of the filter before, and the new ones are on their way. */
  isOld: boolean
  /** All are of one repository. */
  inRepository: boolean
}

/** The rows: walked by keys, opened, selected, decided about. */
export function Grid({ rows, filter, isOld, inRepository }: Props) {
  const { slug } = useWorkspace()
  const mayDecide = useMay('member')
  const decide = useDecide()
  const client = useQueryClient()
  const holder = useRef<HTMLDivElement>(null)
  const total = rows.at.length
  const [{ peek: sent }, change] = useFilter<{ peek?: string }>()
  const [wanted, setWanted] = useState(() => Math.max(0, sent ? placeOf(rows, sent) : 0))
  const current = Math.min(wanted, total - 1)
  // What the address shows may be further down than anything that is known, until another row is current.
  const [isPeeking, setPeeking] = useState(sent !== undefined)
  const [stray, setStray] = useState(rows.at[current]?.id === sent ? undefined : sent)
  const setCurrent = useCallback((place: number) => {
    setWanted(place)
    setStray(undefined)
  }, [])
  const peeked = stray ?? rows.at[current]?.id
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [deciding, setDeciding] = useState<Dismissal>()
  const columns = useColumns().shown.join()
  // The same as long as they are the same: rows are drawn anew for another.
  const shown = useMemo(() => columns.split(',') as Column[], [columns])
  const height = useRowHeight(holder)
  const { from, to } = useInSight(holder, total, height)
  const blocks = useBlocks(slug, filter, isOld ? undefined : rows, from - AHEAD, to + AHEAD)
  const { address, open } = useAddresses(filter)
  const targets = selected.size > 0 ? [...selected] : [rows.at[current]?.id ?? []].flat()

  const isFollowed = useRef(false)
  useLayoutEffect(() => {
    if (!isFollowed.current) return
    isFollowed.current = false
    const row = holder.current?.querySelector<HTMLElement>(`[data-row="${current}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.focus({ preventScroll: true })
  })
  const move = (to: number, extend = false) => {
    const next = Math.max(0, Math.min(total - 1, to))
    isFollowed.current = true
    setCurrent(next)
    if (extend) toggle(rows.at[next]?.id, true)
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
  const apply = (status: string, why?: Why) => {
    decide.mutate({ ids: targets, status, ...why })
    setSelected(new Set())
    // Where the row was stands its neighbour, and reading goes on there.
    const places = targets.map((id) => placeOf(rows, id)).filter((place) => place >= 0)
    requestAnimationFrame(() => move(Math.min(current, ...places)))
  }
  useEffect(() => {
    const now = isPeeking ? peeked : undefined
    if (now === sent || (isPeeking && !now)) return
    // Not at every row that is passed by: browsers allow only so many changes of an address.
    const timer = setTimeout(() => change({ peek: now }), REST_MS)
    return () => clearTimeout(timer)
  }, [isPeeking, peeked, sent])
  const togglePeek = (open: boolean) => {
    setPeeking(open)
    isFollowed.current = true
  }
  const [gathering, setGathering] = useState(false)
  const selectAll = async () => {
    setGathering(true)
    try {
      setSelected(new Set(await gather(client, slug, filter, MOST_SELECTED)))
    } catch (error) {
      toast(said(error))
    }
    setGathering(false)
  }
  useKeys([
    { keys: 'j', label: 'Next', group: 'List', run: () => move(current + 1) },
    { keys: 'k', label: 'Previous', group: 'List', run: () => move(current - 1) },
    { keys: 'Enter', label: 'Open', group: 'List', run: () => open(isPeeking ? peeked : rows.at[current]?.id) },
    { keys: 'Space', label: isPeeking ? 'Close the peek' : 'Peek', group: 'List', run: () => togglePeek(!isPeeking) },
    ...(isPeeking ? [{ keys: 'Escape', label: 'Close the peek', group: 'List', run: () => togglePeek(false) }] : []),
    ...(mayDecide
      ? [
          { keys: 'x', label: 'Select', group: 'List', run: () => toggle(rows.at[current]?.id) },
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
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: total - 1 }[event.key]
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    move(to, event.shiftKey && mayDecide)
  }
  // The whole row leads to its finding, unless what was pressed does something of its own, or words were being marked.
  const openAt = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || target.closest('a, input, label')) return
    const at = target.closest<HTMLElement>('[data-row]')?.dataset.row
    if (at && document.getSelection()?.isCollapsed !== false) open(rows.at[Number(at)]?.id)
  }
  // The current one is there wherever the window is: it may have the focus.
  const places = useMemo(() => {
    const shown = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
    return current < from ? [current, ...shown] : current > to ? [...shown, current] : shown
  }, [from, to, current])
  const keyOf = useReused(places)
  return (
    <>
      <div
        className="finding-rows panel"
        role="grid"
        aria-label="Findings"
        aria-rowcount={total}
        aria-multiselectable="true"
        ref={holder}
        style={{ '--columns': template(shown) } as CSSProperties}
        data-dimmed={isOld || undefined}
        onKeyDown={walk}
        onClick={openAt}
      >
        <div style={{ height: total * height }} role="rowgroup">
          {places.map((place) => {
            const finding = rows.at[place]
            return (
              <FindingRow
                key={keyOf(place)}
                finding={finding}
                at={place}
                height={height}
                href={finding ? address(finding.id) : ''}
                inRepository={inRepository}
                shown={shown}
                current={place === current}
                selected={finding !== undefined && selected.has(finding.id)}
                onFocus={setCurrent}
                onOpen={open}
                onSelect={mayDecide ? toggle : undefined}
              />
            )
          })}
        </div>
      </div>
      {isPeeking && (
        <Peek id={peeked} row={stray ? undefined : rows.at[current]} open={() => open(peeked)} close={() => togglePeek(false)} />
      )}
      {blocks.error !== undefined && (
        // At the foot of the window: the rows may be far from the head of the list.
        <p className="bulk warn" role="alert">
          <span className="grow">Some rows could not be asked for. {said(blocks.error)}</span>
          <Button small onClick={blocks.retry}>
            Try again
          </Button>
        </p>
      )}
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

/** Pages of findings: each knows the list that it was opened from. */
function useAddresses(filter: Filter) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const { stringifySearch } = useRouter().options
  const search = stringifySearch(filter)
  const base = `/app/w/${slug}/findings`
  return {
    address: (id: string) => `${base}/${id}${search}`,
    open: useCallback(
      (id: string | undefined) => {
        if (id) navigate({ to: '/w/$slug/findings/$id' as never, params: { slug, id } as never, search: filter as never })
      },
      [navigate, slug, search],
    ),
  }
}

/** Pixels of a row, as density, width and size of text have it. */
function useRowHeight(holder: { current: HTMLElement | null }): number {
  const [height, setHeight] = useState(USUAL_HEIGHT)
  useLayoutEffect(() => {
    const list = holder.current
    if (!list) return
    const measure = () => {
      const probe = document.createElement('div')
      probe.className = 'finding-row-height'
      list.append(probe)
      setHeight(probe.getBoundingClientRect().height || USUAL_HEIGHT)
      probe.remove()
    }
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(list)
    return () => watch.disconnect()
  }, [holder])
  return height
}
