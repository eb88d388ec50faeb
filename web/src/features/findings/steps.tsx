import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Path } from '@/ui/Path'

export interface TraceStep {
  path: string
  start: { line: number; column: number }
  end: { line: number; column: number }
  text: string
  note: string
}

/** What a step is, by its shape: where data comes in, where it passes, where it is used. */
export function signOf(at: number, trace: readonly TraceStep[]): string {
  return at === 0 ? '◯' : at === trace.length - 1 ? '◆' : '│'
}

/** The way of the data as the API tells it; nothing where it tells none. */
export function readTrace(told: unknown): TraceStep[] {
  if (!Array.isArray(told)) return []
  return told.filter((step): step is TraceStep => typeof step?.path === 'string' && typeof step?.start?.line === 'number')
}

/** The first step of the next or the last file, seen from a step. */
export function stepOfFile(trace: TraceStep[], at: number, by: 1 | -1): number {
  const begins = trace.flatMap(({ path }, index) => (path === trace[index - 1]?.path ? [] : [index]))
  if (by > 0) return begins.find((begin) => begin > at) ?? at
  return begins.findLast((begin) => begin < at) ?? at
}

/** More steps than this lose their middle. */
const MOST = 8
/** What is left of them at either end, and around the step that is open. */
const ENDS = 3
const AROUND = 1

/** The steps that are shown, and how many are left out between them. */
export function foldedSteps(count: number, at: number): (number | { left: number })[] {
  const isKept = (step: number) => count <= MOST || step < ENDS || step >= count - ENDS || Math.abs(step - at) <= AROUND
  const shown: (number | { left: number })[] = []
  for (let step = 0; step < count; step += 1) {
    const last = shown.at(-1)
    // In the place of a line that says that one is missing, that one can stand.
    if (isKept(step) || (isKept(step - 1) && isKept(step + 1))) shown.push(step)
    else if (typeof last === 'object') last.left += 1
    else shown.push({ left: 1 })
  }
  return shown
}

interface Props {
  trace: TraceStep[]
  at: number
  go: (to: number) => void
}

/** The steps by file; source first, sink last, by shape as well as by place. */
export function Steps({ trace, at, go }: Props) {
  const [isWhole, setWhole] = useState(false)
  const holder = useRef<HTMLElement>(null)
  const files = new Set(trace.map((step) => step.path)).size
  const shown = isWhole ? trace.map((_, index) => index) : foldedSteps(trace.length, at)
  useEffect(() => {
    // Who goes through the steps by arrow keys stays on the one that is open.
    const isHere = holder.current?.querySelector('ol')?.contains(document.activeElement)
    if (isHere) holder.current?.querySelector<HTMLElement>(`[data-step="${at}"]`)?.focus()
  }, [at])
  const onKey = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowDown: at + 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    go(to)
  }
  return (
    <section ref={holder} className="panel steps" aria-label="Path of the data" onKeyDown={onKey}>
      <header className="panel-head">
        <h2>
          {trace.length} steps{files > 1 && ` · ${files} files`}
        </h2>
        <span className="row">
          <kbd>[</kbd>
          <IconButton
            small
            label="Previous step"
            icon={<ChevronLeft size={16} />}
            aria-disabled={at === 0 || undefined}
            onClick={() => go(at - 1)}
          />
          <IconButton
            small
            label="Next step"
            icon={<ChevronRight size={16} />}
            aria-disabled={at === trace.length - 1 || undefined}
            onClick={() => go(at + 1)}
          />
          <kbd>]</kbd>
        </span>
      </header>
      <ol>
        {shown.map((index, place) => {
          if (typeof index === 'object') {
            return (
              <li key={`left-${place}`}>
                <Button look="quiet" className="unfold" onClick={() => setWhole(true)}>
                  ⋮ {index.left} more steps
                </Button>
              </li>
            )
          }
          const step = trace[index]
          const before = shown[place - 1]
          return (
            step && (
              <li key={index}>
                {(typeof before !== 'number' || trace[before]?.path !== step.path) && (
                  <p className="file muted">
                    <Path path={step.path} />
                  </p>
                )}
                <button
                  type="button"
                  className="step"
                  data-step={index}
                  onClick={() => go(index)}
                  aria-current={index === at ? 'step' : undefined}
                >
                  <span className="num muted">{index + 1}</span>
                  <span aria-hidden="true">{signOf(index, trace)}</span>
                  <span className="said">
                    <span className="unseen">{index === 0 ? 'Source: ' : index === trace.length - 1 ? 'Sink: ' : ''}</span>
                    {step.note ? visible(step.note) : <code>{visible(step.text.replace(/\s+/g, ' '))}</code>}
                  </span>
                  <span className="mono muted">:{step.start.line}</span>
                </button>
              </li>
            )
          )
        })}
      </ol>
    </section>
  )
}

/** On narrow windows, where the steps stand below the code: always in reach. */
export function StepBar({ trace, at, go }: Props) {
  return (
    <nav className="step-bar no-print" aria-label="Steps">
      <Button aria-disabled={at === 0 || undefined} onClick={() => go(at - 1)}>
        <ChevronLeft size={16} aria-hidden="true" /> Previous
      </Button>
      <span className="num">
        Step {at + 1} of {trace.length}
      </span>
      <Button aria-disabled={at === trace.length - 1 || undefined} onClick={() => go(at + 1)}>
        Next <ChevronRight size={16} aria-hidden="true" />
      </Button>
    </nav>
  )
}
