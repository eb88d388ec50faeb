import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useKeys } from '@/lib/keys'
import { copyAndTell } from '../copy-and-tell'
import { SeverityMark } from '../Severity'
import { useColours } from './colours'
import { CodeText } from './Text'
import './code.css'

/** What stands in the margin at a line, and under it. */
export interface Mark {
  line: number
  severity: string
  note: ReactNode
}

interface Props {
  text: string
  path: string
  marks: Mark[]
  /** The lines of the address, both ends in it. */
  chosen: [number, number] | undefined
  onChoose: (from: number, to: number) => void
}

/** Heights of a line and of a note under one, in the size of the text of the page, as the sheet has them. */
const LINE = 1.25
const NOTE = 1.75
/** Lines outside the window that are there already. */
const OVERSCAN = 20
/** What a tab is wide, in letters. */
const TAB = 4

/** A whole file, of which only the lines in the window are there. */
export function CodeFile({ text, path, marks, chosen, onChoose }: Props) {
  const lines = useMemo(() => split(text), [text])
  const colours = useColours(
    useMemo(() => lines.join('\n'), [lines]),
    path,
  )
  const byLine = useMemo(() => Map.groupBy(marks, ({ line }) => line), [marks])
  const widest = useMemo(() => lines.reduce((most, line) => Math.max(most, width(line)), 0), [lines])
  const holder = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    if (holder.current) setTop(holder.current.getBoundingClientRect().top + window.scrollY)
  }, [])
  const [rem] = useState(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize))
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (at) => (LINE + (byLine.get(at + 1)?.length ?? 0) * NOTE) * rem,
    overscan: OVERSCAN,
    scrollMargin: top,
  })
  const from = chosen?.[0]
  const seen = useRef<number>(undefined)
  useEffect(() => {
    // Where the address leads; a line that was chosen here is in sight.
    if (from === undefined || from === seen.current || top === 0) return
    seen.current = from
    virtual.scrollToIndex(Math.min(from, lines.length) - 1, { align: 'center' })
  }, [from, top, lines.length, virtual])

  const choose = (line: number, extend: boolean) => {
    seen.current = line
    if (extend && chosen) onChoose(Math.min(chosen[0], line), Math.max(chosen[0], line))
    else onChoose(line, line)
  }
  const go = (line: number | undefined) => {
    if (line === undefined || line < 1 || line > lines.length) return
    choose(line, false)
    virtual.scrollToIndex(line - 1, { align: 'auto' })
  }
  const at = chosen?.[0] ?? 0
  useKeys([
    { keys: 'j', label: 'Next line', group: 'File', run: () => go(at + 1) },
    { keys: 'k', label: 'Previous line', group: 'File', run: () => go(at - 1) },
    { keys: ']', label: 'Next finding', group: 'File', run: () => go(marks.find(({ line }) => line > at)?.line) },
    { keys: '[', label: 'Previous finding', group: 'File', run: () => go(marks.findLast(({ line }) => line < at)?.line) },
    {
      keys: 'c',
      label: 'Copy path and line',
      group: 'File',
      run: () => void copyAndTell(at ? `${path}:${at}` : path, 'Path'),
    },
  ])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="code code-file" tabIndex={0} role="region" aria-label="Lines of code">
      <div
        ref={holder}
        className="code-lines"
        style={{ height: virtual.getTotalSize(), minWidth: `calc(${widest + 2}ch + 92px)` }}
      >
        {virtual.getVirtualItems().map((item) => {
          const number = item.index + 1
          const own = byLine.get(number)
          return (
            <div
              key={item.key}
              className="code-row"
              style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
            >
              <div
                className="code-line"
                data-hit={own ? true : undefined}
                data-step={(chosen && number >= chosen[0] && number <= chosen[1]) || undefined}
              >
                <a
                  className="number"
                  href={`#L${number}`}
                  tabIndex={-1}
                  onClick={(event: MouseEvent) => {
                    event.preventDefault()
                    choose(number, event.shiftKey)
                  }}
                >
                  {number}
                </a>
                <span>{own?.[0] && <SeverityMark severity={own[0].severity} />}</span>
                <span>
                  <CodeText text={lines[item.index] ?? ''} pieces={colours?.[item.index]} />
                </span>
              </div>
              {own?.map((mark, at) => (
                <p className="code-note" key={at}>
                  {mark.note}
                </p>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The last line ends; it does not begin another. */
function split(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.length > 1 && lines.at(-1) === '') lines.pop()
  return lines
}

function width(line: string): number {
  let letters = line.length
  for (let at = line.indexOf('\t'); at >= 0; at = line.indexOf('\t', at + 1)) letters += TAB - 1
  return letters
}
