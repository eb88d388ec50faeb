import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type CSSProperties, memo, useMemo, useState } from 'react'
import type { Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { textQuery } from '@/api/repository'
import { counted, number } from '@/lib/format'
import { Button, CopyButton, IconButton } from '../Button'
import { toast } from '../toast'
import { type Block, type Gap, type Item, items, type Opened, STEP } from './changes'
import { DiffRows, type Note } from './DiffRows'
import { Near } from './Near'
import { visible } from './Text'

type File = Schemas['DiffFile']

/** Rows that are drawn together, unless a change has more, and how high one is. */
const PAGE = 60
const ROW = 20

interface Props {
  file: File
  /** Where it is on the page. */
  id: string
  notes: Note[]
  /** Its lines were asked for by itself. */
  alone: boolean
  wide: boolean
  open: boolean
  /** The change that reading goes on at. */
  current: number | undefined
  /** How many changes come before it, and how many there are in all. */
  before: number
  changes: number
  onOpen: (path: string, open: boolean) => void
  /** Brings its lines, where they were left out. */
  onWanted: (path: string) => Promise<void>
  /** Where the whole of it is. */
  repository: string
  commit: string
}

/** A file that was changed: what became of it, its lines, what was found in them. */
export const DiffFile = memo(function DiffFile({ file, id, notes, wide, open, onOpen, ...rest }: Props) {
  const { path } = file
  return (
    <section className="panel diff-file" id={id} aria-labelledby={`${id}-name`}>
      <header className="panel-head diff-head">
        <IconButton
          label={open ? 'Fold the file' : 'Open the file'}
          aria-expanded={open}
          icon={open ? <ChevronDown size={16} /> : <ChevronRight size={16} />}
          onClick={() => onOpen(path, !open)}
        />
        <h3 id={`${id}-name`} tabIndex={-1}>
          <code>
            {file.previousPath != null && <>{visible(file.previousPath)} → </>}
            {visible(path)}
          </code>
        </h3>
        <CopyButton text={path} label="Copy the path" />
        {file.status !== 'modified' && <span className="chip">{file.status}</span>}
        <Counts {...file} />
      </header>
      {open && <Content file={file} notes={notes} {...rest} wide={wide && isTwoSided(file)} />}
    </section>
  )
})

/** Beside one that is new, or gone, nothing stands. */
function isTwoSided({ status }: File): boolean {
  return status !== 'added' && status !== 'removed'
}

/** "+12 −3" */
export function Counts({ added, removed, binary }: Pick<File, 'added' | 'removed'> & { binary?: boolean }) {
  if (binary) return <span className="muted">binary</span>
  return (
    <span className="muted num diff-counts">
      <span aria-hidden="true">
        +{number(added)} −{number(removed)}
      </span>
      <span className="unseen">
        {counted(added, 'line')} added, {counted(removed, 'line')} removed
      </span>
    </span>
  )
}

function Content({
  file,
  alone,
  notes,
  wide,
  current,
  before,
  changes,
  onWanted,
  repository,
  commit,
}: Omit<Props, 'id' | 'open' | 'onOpen'>) {
  const [opened, setOpened] = useState<ReadonlyMap<number, Opened>>(new Map())
  const [busy, setBusy] = useState(false)
  const { data, error, isFetching, refetch } = useQuery({
    ...textQuery(repository, file.path, commit),
    enabled: opened.size > 0,
  })
  const whole = useMemo(() => (data === undefined ? undefined : lines(data)), [data])
  const shown = useMemo(() => items(file, opened, whole), [file, opened, whole])
  const [beneath, elsewhere] = useMemo(() => placed(shown, notes), [shown, notes])
  const unfold = (at: number, end: keyof Opened) => {
    if (error) refetch()
    setOpened((now) => {
      const until = now.get(at) ?? { top: 0, bottom: 0 }
      return new Map(now).set(at, { ...until, [end]: until[end] + STEP })
    })
  }
  const bring = () => {
    setBusy(true)
    onWanted(file.path)
      .catch((error) => toast(said(error)))
      .finally(() => setBusy(false))
  }
  const why = reason(file, alone)
  return (
    <>
      {elsewhere.map((note) => (
        <div className="diff-elsewhere" key={note.key}>
          {note.said} <span className="muted">line {number(note.line)}, not among those shown</span>
        </div>
      ))}
      {why ? (
        <p className="diff-why">
          <span className="muted">{why}</span>
          {file.omitted && !alone && (
            <Button small busy={busy && 'Showing…'} onClick={bring}>
              Show its lines
            </Button>
          )}
        </p>
      ) : (
        // Scrolls sideways by itself, and by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
        <div className="code diff-code" tabIndex={0} role="region" aria-label={`Lines of ${file.path}`}>
          <div className={wide ? 'diff-lines beside' : 'diff-lines'} style={{ '--digits': digits(shown) } as CSSProperties}>
            {pages(shown).map((page, at) => (
              <Near
                key={at}
                height={page.reduce((sum, item) => sum + rows(item, wide), 0) * ROW}
                wanted={page.some((item) => 'block' in item && isAt(item.block, current))}
              >
                {() =>
                  page.map((item, index) =>
                    'block' in item ? (
                      <DiffRows
                        key={index}
                        block={item.block}
                        path={file.path}
                        notes={beneath}
                        wide={wide}
                        name={nameOf(item.block, before, changes)}
                        current={isAt(item.block, current)}
                      />
                    ) : (
                      <Fold key={index} gap={item.gap} busy={isFetching} error={error} onMore={(end) => unfold(item.fold, end)} />
                    ),
                  )
                }
              </Near>
            ))}
          </div>
        </div>
      )}
    </>
  )
}

/** Why no lines are shown. */
function reason({ binary, omitted, hunks, status, added, removed }: File, alone: boolean): string | undefined {
  if (binary) return 'A binary file: it has no lines.'
  switch (omitted) {
    case 'too_long':
      return `${counted(added + removed, 'changed line')}: too many to be shown${alone ? '.' : ' among others.'}`
    case 'too_many':
      return 'More changes than are shown at a time.'
    case 'unread':
      return 'Its lines could not be read.'
  }
  if (hunks && hunks.length > 0) return undefined
  return status === 'renamed' ? 'Renamed, with the same lines.' : 'No lines changed.'
}

/** What stands under which line, and what under none that is shown. */
function placed(shown: Item[], notes: Note[]): [Map<number, Note[]>, Note[]] {
  const texts = new Map<number, string>()
  for (const item of shown) {
    if ('block' in item) for (const row of item.block.rows) if (row.new) texts.set(row.new.number, row.new.text)
  }
  const isHere = ({ line, reads }: Note) => texts.has(line) && (reads === undefined || reads.trim() === texts.get(line)?.trim())
  const { here = [], elsewhere = [] } = Object.groupBy(notes, (note) => (isHere(note) ? 'here' : 'elsewhere'))
  return [Map.groupBy(here, ({ line }) => line), elsewhere]
}

/** Lines that stay. From 20 on they open from either end. */
function Fold({ gap, busy, error, onMore }: { gap: Gap; busy: boolean; error: unknown; onMore: (end: keyof Opened) => void }) {
  const { lines } = gap
  const isLast = lines === undefined
  return (
    <div className="diff-fold no-print">
      <span className="muted">{isLast ? 'The file goes on' : counted(lines, 'unchanged line')}</span>
      <Button small look="quiet" busy={busy && 'Showing…'} onClick={() => onMore('top')}>
        {!isLast && lines <= STEP ? (lines === 1 ? 'Show it' : 'Show them') : `Show the ${isLast ? 'next' : 'first'} ${STEP}`}
      </Button>
      {!isLast && lines > STEP && (
        <Button small look="quiet" busy={busy && 'Showing…'} onClick={() => onMore('bottom')}>
          Show the last {STEP}
        </Button>
      )}
      {error != null && <span className="bad">{said(error)}</span>}
    </div>
  )
}

/** Where a change begins. */
function isAt(block: Block, current: number | undefined): boolean {
  return !block.goesOn && block.change !== undefined && block.change === current
}

function nameOf({ change, goesOn, rows }: Block, before: number, changes: number): string | undefined {
  if (change === undefined || goesOn) return undefined
  const [removed, added] = [rows.filter((row) => row.old).length, rows.filter((row) => row.new).length]
  return `Change ${number(before + change + 1)} of ${number(changes)}: ${counted(removed, 'line')} removed, ${counted(added, 'line')} added`
}

/** As many rows as are drawn together. */
function pages(shown: Item[]): Item[][] {
  const found: Item[][] = []
  let space = 0
  for (const item of shown) {
    const size = rows(item, true)
    if (size > space) {
      found.push([])
      space = Math.max(PAGE, size)
    }
    found.at(-1)?.push(item)
    space -= size
  }
  return found
}

function rows(item: Item, wide: boolean): number {
  if (!('block' in item)) return 2
  if (wide || item.block.change === undefined) return item.block.rows.length
  return item.block.rows.reduce((sum, row) => sum + (row.old ? 1 : 0) + (row.new ? 1 : 0), 0)
}

/** How wide numbers of lines are. */
function digits(shown: Item[]): number {
  const last = shown.findLast((item) => 'block' in item)
  const row = last && 'block' in last ? last.block.rows.at(-1) : undefined
  return String(Math.max(row?.old?.number ?? 0, row?.new?.number ?? 0, 100)).length
}

/** The last line ends; it does not begin another. */
function lines(text: string): string[] {
  const found = text.split(/\r?\n/)
  if (found.at(-1) === '') found.pop()
  return found
}
