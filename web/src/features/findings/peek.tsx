// A finding beside the list: enough to decide on most of them without leaving it.

import { useQuery } from '@tanstack/react-query'
import { Maximize2 } from 'lucide-react'
import { useEffect } from 'react'
import { counted } from '@/lib/format'
import { useSettled } from '@/lib/settled'
import { useMatches } from '@/lib/use-matches'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'
import { Code, type Line } from '@/ui/code/Code'
import { plain, visible } from '@/ui/code/Text'
import { CloseButton, Dialog } from '@/ui/Dialog'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Path } from '@/ui/Path'
import { Prose } from '@/ui/Prose'
import { SeverityMark } from '@/ui/Severity'
import { type Detail, findingQuery } from './queries'
import type { Summary } from './rows'
import { Confidence, reachText, Status } from './status'
import { readTrace, signOf, type TraceStep } from './steps'

/** Where there is no room beside the list, it covers it. */
const NARROW = '(max-width: 720px)'
/** Lines around the finding. */
const AROUND = 4

interface Props {
  /** Nothing while the row is not there yet. */
  id: string | undefined
  /** As its row has it, until more is known. */
  row: Summary | undefined
  open: () => void
  close: () => void
}

export function Peek({ id, row, open, close }: Props) {
  const isNarrow = useMatches(NARROW)
  // Who walks through the list asks for nothing until they rest.
  const rested = useSettled(id ?? '')
  const query = useQuery({ ...findingQuery(id ?? ''), enabled: id !== undefined && rested === id })
  const finding = query.data ?? row
  const title = finding ? `${finding.severity}, ${finding.type}` : undefined
  useEffect(() => {
    if (title) announce(plain(title))
  }, [title])
  const content = (
    <>
      {finding && <Head finding={finding} />}
      {query.data ? (
        <Body finding={query.data} />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </>
  )
  const way = (
    <Button small onClick={open}>
      <Maximize2 size={14} aria-hidden="true" /> Open <kbd>⏎</kbd>
    </Button>
  )
  if (isNarrow)
    return (
      <Dialog open onClose={close} title={visible(finding?.type ?? 'Finding')}>
        <div className="stack wide">
          {content}
          {way}
        </div>
      </Dialog>
    )
  return (
    <aside className="peek no-print" aria-label="Peek">
      <header className="panel-head">
        <h2 className="clip">{visible(finding?.type ?? 'Finding')}</h2>
        {way}
        <CloseButton onClick={close} />
      </header>
      <div className="stack wide peek-body">{content}</div>
    </aside>
  )
}

function Head({ finding }: { finding: Summary | Detail }) {
  return (
    <div className="stack">
      <div className="row wrap">
        <SeverityMark severity={finding.severity} />
        <span>{finding.severity}</span>
        <Status status={finding.status} />
        <Confidence value={finding.confidence} />
        <span className="muted">{reachText(finding.reach)}</span>
      </div>
      <span className="muted">
        {visible(finding.repositoryName.split('/').at(-1) ?? '')} <Path path={finding.filePath} line={finding.lineNumber} />
      </span>
    </div>
  )
}

function Body({ finding }: { finding: Detail }) {
  const trace = readTrace(finding.dataFlow)
  const why = firstSentence(finding.explanation ?? finding.description)
  const lines: Line[] = finding.lines
    .map((text, at) => ({ number: finding.firstLine + at, text }))
    .filter(({ number }) => number >= finding.lineNumber - AROUND && number <= finding.endLine + AROUND)
    .map((line) => ({ ...line, hit: line.number >= finding.lineNumber && line.number <= finding.endLine }))
  return (
    <>
      {lines.length > 0 && (
        <div className="panel">
          <Code lines={lines} path={finding.filePath} />
        </div>
      )}
      {why && (
        <div className="reading">
          <Prose text={why} />
        </div>
      )}
      {trace.length > 0 && <Trace trace={trace} />}
    </>
  )
}

function Trace({ trace }: { trace: TraceStep[] }) {
  return (
    <section className="stack" aria-label="Path of the data">
      <h3>{counted(trace.length, 'step')}</h3>
      <ol>
        {trace.map((step, at) => (
          <li key={at}>
            {step.path !== trace[at - 1]?.path && (
              <p className="file muted">
                <Path path={step.path} />
              </p>
            )}
            <div className="peek-step">
              <span className="num muted">{at + 1}</span>
              <span aria-hidden="true">{signOf(at, trace)}</span>
              <span>{step.note ? visible(step.note) : <code>{visible(step.text.replace(/\s+/g, ' '))}</code>}</span>
              <span className="mono muted">:{step.start.line}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The first sentence of a text; the whole of one that has no end. */
export function firstSentence(text: string): string {
  const [first = ''] = text.trim().split(/\n\s*\n|```/)
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(first)?.[0] ?? first
}
