import { Fragment, memo, type ReactNode, useEffect, useRef } from 'react'
import { type Block, cut, type Row, type Side } from './changes'
import { type Piece, useColours } from './colours'
import { visible } from './Text'

/** What is said of a line that the change has. */
export interface Note {
  key: string
  path: string
  line: number
  /** The line, where it is known: under another it does not stand. */
  reads?: string
  said: ReactNode
}

const SIGNS = { added: '+', removed: '−' }

interface Props {
  block: Block
  path: string
  /** What is said of lines of the new side. */
  notes: Map<number, Note[]>
  /** Both sides beside each other. */
  wide: boolean
  /** "Change 2 of 5" */
  name?: string
  /** Reading goes on here. */
  current: boolean
}

/** Lines of a change, or those that stay around one. */
export const DiffRows = memo(function DiffRows({ block, path, notes, wide, name, current }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!current) return
    holder.current?.focus({ preventScroll: true })
    holder.current?.scrollIntoView({ block: 'start' })
  }, [current])
  const was = usePainted(block.rows, 'old', path)
  const is = usePainted(block.rows, 'new', path)
  const isChange = block.change !== undefined
  const rows = wide
    ? block.rows.map((row) => [row])
    : isChange
      ? inOrder(block.rows)
      : block.rows.map(({ new: of, old }) => [{ new: of, old }])
  const painted = (side: Side | undefined) => side && (was.get(side) ?? is.get(side))
  return (
    <div
      ref={holder}
      className="diff-block"
      // A long change goes on in a block of its own, which is no stop.
      {...(name ? { role: 'group', 'aria-label': name, tabIndex: -1 } : {})}
    >
      {rows.map(([row], at) => (
        <Fragment key={at}>
          {row &&
            (wide ? (
              <div className="diff-line both">
                <Half side={row.old} kind={isChange ? 'removed' : undefined} pieces={painted(row.old)} />
                <Half side={row.new} kind={isChange ? 'added' : undefined} pieces={painted(row.new)} />
              </div>
            ) : (
              <Whole row={row} isChange={isChange} pieces={painted(row.new ?? row.old)} />
            ))}
          {row?.new &&
            notes.get(row.new.number)?.map((note) => (
              <div className="diff-note" key={note.key}>
                {note.said}
              </div>
            ))}
        </Fragment>
      ))}
    </div>
  )
})

/** One under the other: what is gone, then what came. */
function inOrder(rows: Row[]): Row[][] {
  return [...rows.flatMap(({ old }) => (old ? [[{ old }]] : [])), ...rows.flatMap(({ new: of }) => (of ? [[{ new: of }]] : []))]
}

/** The pieces of each line of a side, as the lines are coloured together. */
function usePainted(rows: Row[], side: 'old' | 'new', path: string): Map<Side, Piece[] | undefined> {
  const own = rows.flatMap((row) => row[side] ?? [])
  const colours = useColours(own.map(({ text }) => text).join('\n'), path)
  return new Map(colours && own.map((line, at) => [line, colours[at]]))
}

function Whole({ row, isChange, pieces }: { row: Row; isChange: boolean; pieces: Piece[] | undefined }) {
  const side = row.new ?? row.old
  const kind = isChange ? (row.new ? 'added' : 'removed') : undefined
  if (!side) return null
  return (
    <div className={`diff-line ${kind ?? ''}`}>
      <span className="number">{row.old?.number}</span>
      <span className="number">{row.new?.number}</span>
      <Sign kind={kind} />
      <Text side={side} pieces={pieces} />
    </div>
  )
}

function Half({
  side,
  kind,
  pieces,
}: {
  side: Side | undefined
  kind: 'added' | 'removed' | undefined
  pieces: Piece[] | undefined
}) {
  if (!side) return <div className="diff-half nothing" />
  return (
    <div className={`diff-half ${kind ?? ''}`}>
      <span className="number">{side.number}</span>
      <Sign kind={kind} />
      <Text side={side} pieces={pieces} />
    </div>
  )
}

/** Colours alone say nothing to everybody. */
function Sign({ kind }: { kind: 'added' | 'removed' | undefined }) {
  if (!kind) return <span className="sign" />
  return (
    <span className="sign">
      <span aria-hidden="true">{SIGNS[kind]}</span>
      <span className="unseen">{kind}: </span>
    </span>
  )
}

function Text({ side, pieces }: { side: Side; pieces: Piece[] | undefined }) {
  return (
    <span className="text">
      {cut(pieces?.length ? pieces : [[side.text, '']], side.marks).map(([text, kind, isMarked], at) => (
        <span className={[kind, isMarked && 'word'].filter(Boolean).join(' ') || undefined} key={at}>
          {visible(text)}
        </span>
      ))}
      {side.cut && <span className="muted"> … the line goes on</span>}
      {side.noNewline && <span className="muted"> · no line end at the end of the file</span>}
    </span>
  )
}
