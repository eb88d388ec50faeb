import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Link2, MoreHorizontal } from 'lucide-react'
import { useRef, useState } from 'react'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { useKeys } from '@/lib/keys'
import { Button, IconButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { copyAndTell } from '@/ui/copy-and-tell'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Menu } from '@/ui/Menu'
import { Page } from '@/ui/Page'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { useDecide, type Why } from './decide'
import { DecisionDialog } from './decision-dialog'
import { type Filter, readFilter } from './filter'
import { Neighbours } from './neighbours'
import { Place } from './place'
import { type Detail, findingQuery } from './queries'
import { Confidence, reachText, Status } from './status'
import { readTrace, StepBar, Steps, stepOfFile } from './steps'
import { Explained, History, Occurrences } from './story'
import { Suggested, usePatch } from './suggested'
import './findings.css'

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
  return <Whole key={id} finding={query.data} />
}

function Whole({ finding }: { finding: Detail }) {
  const { slug } = useWorkspace()
  const [search, change] = useFilter<Filter & { step?: number }>()
  const story = useRef<HTMLDivElement>(null)
  const trace = readTrace(finding.dataFlow)
  const at = Math.max(0, Math.min(trace.length - 1, (search.step ?? trace.length) - 1))
  const go = (to: number) => change({ step: Math.max(0, Math.min(trace.length - 1, to)) + 1 })
  useKeys([
    ...(trace.length > 0
      ? [
          { keys: '[', label: 'Step back', group: 'Finding', run: () => go(at - 1) },
          { keys: ']', label: 'Step on', group: 'Finding', run: () => go(at + 1) },
          { keys: '{', label: 'File before', group: 'Finding', run: () => go(stepOfFile(trace, at, -1)) },
          { keys: '}', label: 'Next file', group: 'Finding', run: () => go(stepOfFile(trace, at, 1)) },
        ]
      : []),
    {
      keys: 'h',
      label: 'History',
      group: 'Finding',
      run: () => {
        story.current?.scrollIntoView({ block: 'center' })
        story.current?.focus({ preventScroll: true })
      },
    },
  ])
  return (
    <Page
      title={`${finding.type} in ${finding.filePath.split('/').at(-1)}`}
      heading={
        <span className="row">
          <SeverityMark severity={finding.severity} size={20} /> <span>{visible(finding.type)}</span>
        </span>
      }
      about={visible(finding.description)}
      actions={<Actions finding={finding} />}
    >
      <div className="row wrap">
        <Status status={finding.status} until={finding.ignoredUntil} />
        <span className="muted">
          since <Time at={finding.detectedAt} />
        </span>
        <Link
          to={'/w/$slug/repositories/$id' as never}
          params={{ slug, id: finding.repositoryId } as never}
          title={finding.repositoryName}
        >
          {visible(finding.repositoryName.split('/').at(-1) ?? '')}
        </Link>
        <Confidence value={finding.confidence} />
        <span className="muted">{reachText(finding.reach)}</span>
        <span className="muted num">risk {finding.risk.toFixed(2)}</span>
        {finding.cweId && <span className="chip">{visible(finding.cweId)}</span>}
        {finding.cvssScore != null && <span className="chip num">CVSS {finding.cvssScore}</span>}
        <Link
          to={'/w/$slug/findings' as never}
          params={{ slug } as never}
          search={{ rule: finding.rule } as never}
          className="chip"
        >
          {visible(finding.rule)}
        </Link>
        <Neighbours filter={readFilter(search)} finding={finding} />
      </div>
      {finding.notObserved && <p className="note warn">? Not observed: {visible(finding.notObserved)}</p>}
      {finding.statusReason && <p className="note">{visible(finding.statusReason)}</p>}
      <div className="finding-parts">
        <div className="finding-code">
          <div className={trace.length > 0 ? 'finding' : 'finding plain'}>
            {trace.length > 0 && <Steps trace={trace} at={at} go={go} />}
            <div className="stack wide">
              <Place finding={finding} step={trace[at]} number={at + 1} of={trace.length} />
              <Suggested finding={finding} />
            </div>
          </div>
          {trace.length > 0 && <StepBar trace={trace} at={at} go={go} />}
        </div>
        <Explained finding={finding} />
        {/* Focused by a key, so that reading goes on there. */}
        <div ref={story} className="stack wide story" tabIndex={-1}>
          <History finding={finding} />
          <Occurrences finding={finding} />
        </div>
      </div>
    </Page>
  )
}

/** What can be done with a finding: all of it by a key, by the menu, and what is done most by a button. */
function Actions({ finding }: { finding: Detail }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const mayDecide = useMay('member')
  const decide = useDecide()
  const download = usePatch(finding)
  const menu = useRef<HTMLButtonElement>(null)
  const [deciding, setDeciding] = useState<'ignored' | 'false_positive'>()
  const act = (status: string, why?: Why) => decide.mutate({ ids: [finding.id], status, ...why })
  const isOpen = finding.status === 'open'
  const file = () =>
    navigate({
      to: '/w/$slug/repositories/$id/file' as never,
      params: { slug, id: finding.repositoryId } as never,
      search: { path: finding.filePath } as never,
      hash: `L${finding.lineNumber}`,
    })
  const ignore = { keys: 'i', label: 'Ignore…', run: () => setDeciding('ignored') }
  const dismiss = { keys: 'p', label: 'False positive…', run: () => setDeciding('false_positive') }
  const fix = { keys: 'd', label: 'Mark fixed', run: () => act('fixed') }
  const reopen = { keys: 'o', label: 'Reopen', run: () => act('open') }
  const link = { keys: 'y', label: 'Copy link', run: () => void copyAndTell(window.location.href.split('?')[0] ?? '', 'Link') }
  const place = {
    keys: 'c',
    label: 'Copy path and line',
    run: () => void copyAndTell(`${finding.filePath}:${finding.lineNumber}`, 'Path'),
  }
  useKeys(
    [...(mayDecide ? [ignore, dismiss, fix, reopen] : []), link, place, { keys: '.', label: 'All actions', run: open }].map(
      (action) => ({ ...action, group: 'Finding' }),
    ),
  )
  function open() {
    menu.current?.click()
  }
  return (
    <>
      {mayDecide &&
        (isOpen ? [ignore, dismiss, fix] : [reopen]).map(({ keys, label, run }) => (
          <Button key={keys} onClick={run} className={keys === 'd' ? 'roomy' : undefined}>
            {label} <kbd>{keys}</kbd>
          </Button>
        ))}
      <Button className="roomy" onClick={link.run}>
        <Link2 size={14} aria-hidden="true" /> {link.label} <kbd>{link.keys}</kbd>
      </Button>
      <Menu
        trigger={<IconButton ref={menu} label="All actions" icon={<MoreHorizontal size={16} />} />}
        items={[
          ...(mayDecide ? (isOpen ? [ignore, dismiss, fix] : [reopen]) : []),
          mayDecide && 'line',
          link,
          place,
          { label: 'Open the file', run: () => void file() },
          download !== undefined && { label: 'Download patch', run: download },
        ]}
      />
      {deciding && (
        <DecisionDialog
          status={deciding}
          count={1}
          onDecide={(why) => act(deciding, why)}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </>
  )
}
