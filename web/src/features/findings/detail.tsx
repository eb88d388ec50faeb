import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { words } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { Button, CopyButton } from '@/ui/Button'
import { Change } from '@/ui/code/Change'
import { Code, type Line } from '@/ui/code/Code'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { Prose } from '@/ui/Prose'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { useDecide, type Why } from './decide'
import { DecisionDialog } from './decision-dialog'
import { type Detail, findingQuery } from './queries'
import { Confidence, reachText, Status } from './status'
import { readTrace, Steps, type TraceStep } from './steps'
import './findings.css'

/** Lines around a step that are shown. */
const AROUND = 10

export function Finding() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery(findingQuery(id))
  if (query.isError) {
    return (
      <Page title="Finding">
        <Failed error={query.error} retry={() => query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title="Finding">
        <SkeletonRows rows={12} />
      </Page>
    )
  }
  return <Whole finding={query.data} />
}

function Whole({ finding }: { finding: Detail }) {
  const { slug } = useWorkspace()
  const mayDecide = useMay('member')
  const [search, change] = useFilter<{ step?: number }>()
  const decide = useDecide()
  const [deciding, setDeciding] = useState<'ignored' | 'false_positive'>()
  const trace = readTrace(finding.dataFlow)
  const at = Math.max(0, Math.min(trace.length - 1, (search.step ?? trace.length) - 1))
  const go = (step: number) => change({ step: Math.max(1, Math.min(trace.length, step)) })
  const act = (status: string, why?: Why) => decide.mutate({ ids: [finding.id], status, ...why })
  const place = `${finding.filePath}:${finding.lineNumber}`
  const copy = (text: string, what: string) => navigator.clipboard.writeText(text).then(() => toast(`${what} copied`))
  useKeys([
    { keys: '[', label: 'Step back', group: 'Finding', run: () => go(at) },
    { keys: ']', label: 'Step on', group: 'Finding', run: () => go(at + 2) },
    { keys: 'c', label: 'Copy path and line', group: 'Finding', run: () => copy(place, 'Path') },
    { keys: 'y', label: 'Copy link', group: 'Finding', run: () => copy(window.location.href.split('?')[0] ?? '', 'Link') },
    ...(mayDecide
      ? [
          { keys: 'i', label: 'Ignore', group: 'Finding', run: () => setDeciding('ignored') },
          { keys: 'p', label: 'False positive', group: 'Finding', run: () => setDeciding('false_positive') },
          { keys: 'o', label: 'Reopen', group: 'Finding', run: () => act('open') },
          { keys: 'd', label: 'Mark fixed', group: 'Finding', run: () => act('fixed') },
        ]
      : []),
  ])
  return (
    <Page
      title={`${finding.type} in ${finding.filePath.split('/').at(-1)}`}
      heading={
        <span className="row">
          <SeverityMark severity={finding.severity} size={20} /> {finding.type}
        </span>
      }
      about={finding.description}
      actions={
        mayDecide &&
        (finding.status === 'open' ? (
          <>
            <Button onClick={() => setDeciding('ignored')}>
              Ignore… <kbd>i</kbd>
            </Button>
            <Button onClick={() => setDeciding('false_positive')}>
              False positive… <kbd>p</kbd>
            </Button>
          </>
        ) : (
          <Button onClick={() => act('open')}>
            Reopen <kbd>o</kbd>
          </Button>
        ))
      }
    >
      <p className="row wrap">
        <Status status={finding.status} until={finding.ignoredUntil} />
        <span className="muted">
          since <Time at={finding.detectedAt} />
        </span>
        <Confidence value={finding.confidence} />
        <span className="muted">{reachText(finding.reach)}</span>
        <span className="muted num">risk {finding.risk.toFixed(2)}</span>
        {finding.cweId && <span className="chip">{finding.cweId}</span>}
        {finding.cvssScore != null && <span className="chip num">CVSS {finding.cvssScore}</span>}
        <Link
          to={'/w/$slug/findings' as never}
          params={{ slug } as never}
          search={{ rule: finding.rule } as never}
          className="chip"
        >
          {finding.rule}
        </Link>
      </p>
      {finding.notObserved && <p className="note warn">? Not observed: {finding.notObserved}</p>}
      {finding.statusReason && <p className="note">{finding.statusReason}</p>}
      <div className="finding-parts">
        <div className="stack wide">
          <div className={trace.length > 0 ? 'finding' : 'finding plain'}>
            {trace.length > 0 && <Steps trace={trace} at={at} go={(to) => go(to + 1)} />}
            <Place finding={finding} step={trace[at]} number={at + 1} of={trace.length} />
          </div>
          <Suggested finding={finding} />
        </div>
        <Explained finding={finding} />
        <History finding={finding} />
      </div>
      {deciding && (
        <DecisionDialog
          status={deciding}
          count={1}
          onDecide={(why) => act(deciding, why)}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </Page>
  )
}

/** The code of a step, or of the finding where there is no trace. */
function Place({ finding, step, number, of }: { finding: Detail; step: TraceStep | undefined; number: number; of: number }) {
  const { slug } = useWorkspace()
  const path = step?.path ?? finding.filePath
  const line = step?.start.line ?? finding.lineNumber
  const own = path === finding.filePath && line >= finding.firstLine && line < finding.firstLine + finding.lines.length
  const file = useQuery({
    queryKey: ['file', finding.repositoryId, path],
    queryFn: () =>
      answer(api.GET('/repositories/{id}/file', { params: { path: { id: finding.repositoryId }, query: { path } as never } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const content = file.data?.content.replaceAll('\r\n', '\n')
  const all = content?.split('\n')
  // The file as it is now, where the finding still stands in it; else the lines that the scan kept.
  const isThere = all && (!own || all[finding.lineNumber - 1] === finding.lines[finding.lineNumber - finding.firstLine])
  const [from, texts] = isThere
    ? [Math.max(1, line - AROUND), all.slice(Math.max(0, line - AROUND - 1), line + AROUND)]
    : own
      ? [finding.firstLine, finding.lines]
      : [line, step ? [step.text] : []]
  const lines: Line[] = texts.map((text, index) => {
    const here = from + index
    const isHit = path === finding.filePath && here >= finding.lineNumber && here <= finding.endLine
    const isStep = here === line && step !== undefined
    return {
      number: here,
      text,
      hit: isHit,
      step: isStep ? number : undefined,
      note: isStep ? step.note : isHit && here === finding.endLine && !step ? finding.description : undefined,
    }
  })
  return (
    <section className="panel" aria-label="Code">
      <header className="panel-head">
        <h2>
          <code>
            {path}:{line}
          </code>
          {of > 0 && (
            <span className="caption">
              {' '}
              step {number} of {of}
            </span>
          )}
        </h2>
        <Link
          to={'/w/$slug/repositories/$id/file' as never}
          params={{ slug, id: finding.repositoryId } as never}
          search={{ path } as never}
          hash={`L${line}`}
          className="button small quiet no-print"
        >
          Open the file
        </Link>
        <CopyButton text={`${path}:${line}`} label="Copy path and line" />
      </header>
      <Code lines={lines} path={path} whole={isThere ? content : undefined} />
      {!own && file.isError && <p className="panel-foot muted">The rest of the file cannot be shown: {said(file.error)}</p>}
    </section>
  )
}

interface Fix {
  start: { line: number; column: number }
  end: { line: number; column: number }
  replacement: string
}

function Suggested({ finding }: { finding: Detail }) {
  const fix = finding.fix as unknown as Fix | null | undefined
  if (!fix?.start) return null
  return (
    <Panel title="Suggested change" actions={<CopyButton text={fix.replacement} label="Copy the change" />}>
      <Change
        path={finding.filePath}
        before={finding.lines.slice(Math.max(0, fix.start.line - finding.firstLine), fix.end.line - finding.firstLine + 1)}
        first={fix.start.line}
        after={fix.replacement}
      />
    </Panel>
  )
}

function Explained({ finding }: { finding: Detail }) {
  const parts: [string, string | null | undefined][] = [
    ['What happens', finding.explanation],
    ['What an attacker gains', finding.impact],
    ['How to fix', finding.recommendation],
  ]
  const said = parts.filter(([, text]) => text)
  if (said.length === 0 && finding.references.length === 0) return null
  return (
    <Panel title="Explanation" padded>
      <div className="stack wide reading">
        {said.map(([title, text]) => (
          <div key={title} className="stack">
            <h3>{title}</h3>
            <Prose text={text ?? ''} />
          </div>
        ))}
        {finding.references.length > 0 && (
          <ul>
            {finding.references
              .filter((address) => /^https?:\/\//.test(address))
              .map((address) => (
                <li key={address}>
                  <a href={address} rel="noopener noreferrer" target="_blank">
                    {address}
                  </a>
                </li>
              ))}
          </ul>
        )}
      </div>
    </Panel>
  )
}

function History({ finding }: { finding: Detail }) {
  const changes = finding.history ?? []
  return (
    <Panel title="History" padded>
      <ul className="stack">
        <li>
          <Time at={finding.detectedAt} /> <span className="muted">found by {finding.tool}</span>
        </li>
        {changes.map((change) => (
          <li key={change.id}>
            <Time at={change.createdAt} /> {words(change.fromStatus)} → {words(change.toStatus)}{' '}
            <span className="muted">
              {change.changedBy ? 'by a person' : 'by a scan'}
              {change.reason && `: ${change.reason}`}
            </span>
          </li>
        ))}
        <li>
          <Time at={finding.lastSeenAt} /> <span className="muted">seen last</span>
        </li>
      </ul>
    </Panel>
  )
}
