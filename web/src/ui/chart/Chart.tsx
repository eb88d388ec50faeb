import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useRemembered } from '@/lib/use-remembered'
import { Button, CopyButton } from '../Button'
import { Panel } from '../Page'
import { SeverityMark } from '../Severity'
import type { Drawing } from './draw'
import { asText, dayOf, type Plot, told, value } from './plot'
import './chart.css'

interface Props {
  title: string
  /** What the chart says, in words: its name for who does not see it. */
  sentence: string
  plot: Plot
  /** Opens the list behind a point. */
  onOpen?: (at: number) => void
  actions?: ReactNode
}

/** A chart in a panel: the picture with a cursor that arrow keys move, the values under it in words, and the same as a table. */
export function Chart({ title, sentence, plot, onOpen, actions }: Props) {
  const [isTable, setTable] = useState(false)
  return (
    <Panel
      title={title}
      actions={
        <>
          {actions}
          {isTable && <CopyButton text={asText(plot)} label="Copy the numbers" />}
          <Button small look="quiet" className="no-print" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            As table<span className="unseen">: {title}</span>
          </Button>
        </>
      }
    >
      {isTable ? <Numbers title={title} plot={plot} /> : <Picture sentence={sentence} plot={plot} onOpen={onOpen} />}
    </Panel>
  )
}

function Picture({ sentence, plot, onOpen }: Pick<Props, 'sentence' | 'plot' | 'onOpen'>) {
  const holder = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing>(undefined)
  const latest = useRef(plot)
  latest.current = plot
  const [at, setAt] = useState<number>()
  const theme = useRemembered('theme', 'system')
  const last = plot.dates.length - 1
  const shown = Math.min(at ?? last, last)

  useEffect(() => {
    let left = false
    // The page is there before; the box has its size already.
    import('./draw').then(({ draw }) => {
      if (left || !holder.current) return
      drawing.current = draw(holder.current)
      drawing.current.show(latest.current)
    })
    return () => {
      left = true
      drawing.current?.remove()
      drawing.current = undefined
    }
  }, [])
  useEffect(() => {
    const redraw = () => drawing.current?.show(latest.current)
    redraw()
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', redraw)
    return () => system.removeEventListener('change', redraw)
  }, [plot, theme])

  const onKey = (event: KeyboardEvent) => {
    const to = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      setAt(Math.max(0, Math.min(last, to)))
    } else if (event.key === 'Enter') onOpen?.(shown)
  }
  const pointed = (event: { clientX: number }) => {
    const box = holder.current?.getBoundingClientRect()
    return box && drawing.current ? drawing.current.nearest(event.clientX - box.left) : shown
  }
  return (
    <div className="chart">
      <div
        className="chart-box"
        role="slider"
        tabIndex={0}
        aria-label={sentence}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={Math.max(shown, 0)}
        aria-valuetext={told(plot, shown)}
        data-opens={onOpen ? true : undefined}
        onKeyDown={onKey}
        onMouseMove={(event) => setAt(pointed(event))}
        onMouseLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
        onClick={(event) => onOpen?.(pointed(event))}
      >
        <div ref={holder} className="chart-holder" />
        {at !== undefined && drawing.current && (
          <span className="chart-cursor" style={{ left: drawing.current.xOf(shown) }} aria-hidden="true" />
        )}
      </div>
      <p className="chart-values" aria-hidden="true">
        <span className="num">{dayOf(plot.dates[shown] ?? '')}</span>
        {plot.series.map(({ name, severity, values }) => (
          <span key={name} className="row">
            {severity && <SeverityMark severity={severity} />}
            {name} <strong className="num">{value(values[shown])}</strong>
          </span>
        ))}
      </p>
    </div>
  )
}

function Numbers({ title, plot }: { title: string; plot: Plot }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="chart-table" role="region" tabIndex={0} aria-label={`${title}, as a table`}>
      <table className="grid plain">
        <thead>
          <tr>
            <th scope="col">Date</th>
            {plot.series.map(({ name }) => (
              <th scope="col" className="end" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plot.dates.map((date, at) => (
            <tr key={date}>
              <td className="num">{dayOf(date)}</td>
              {plot.series.map(({ name, values }) => (
                <td className="end" key={name}>
                  {value(values[at])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
