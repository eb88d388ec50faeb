import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { repositoryQuery } from '@/api/repository'
import { save } from '@/api/save'
import { useMay, useWorkspace } from '@/api/session'
import { counted, number, words } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { useProgress } from '@/lib/progress'
import { duration } from '@/lib/time'
import { announce } from '@/ui/announce'
import { Button, CopyButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { ReportMenu } from '@/ui/ReportMenu'
import { Bar, State } from '@/ui/ScanState'
import { SeverityCounts } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { Found } from './found'
import { Phases, Times } from './phases'
import { coverage, covered, extent, PHASES, phaseAt, task, trigger } from './words'
import './scan.css'

type Whole = Schemas['ScanDetail']

/** After this long without news it is said that there are none. */
const QUIET_MS = 15_000
/** How far a scan is, is read out at most this often. */
const ANNOUNCE_MS = 5_000

export function Scan() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery({
    queryKey: ['scans', 'one', id],
    queryFn: () => answer(api.GET('/scans/{id}', { params: { path: { id } } })),
  })
  if (query.isError) {
    return (
      <Page title="Scan">
        <Failed error={query.error} retry={() => query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title="Scan">
        <SkeletonRows />
      </Page>
    )
  }
  return <Details key={id} scan={query.data} />
}

function Details({ scan }: { scan: Whole }) {
  const { slug } = useWorkspace()
  const isOver = ['completed', 'failed', 'cancelled'].includes(scan.status)
  const wasUnderWay = useRef(!isOver)
  useEffect(() => {
    if (isOver && wasUnderWay.current) announce(`The scan is over: ${scan.status}`)
  }, [isOver, scan.status])
  return (
    <Page
      title={`Scan of ${scan.repositoryName}`}
      heading={<>Scan of {visible(scan.repositoryName)}</>}
      about={
        <span className="row wrap">
          <span>
            {words(trigger(scan.triggerType))} · {extent(scan.mode)}
          </span>
          {scan.commitHash ? (
            <Link
              to={'/w/$slug/commits/$hash' as never}
              params={{ slug, hash: scan.commitHash } as never}
              search={{ repositoryId: scan.repositoryId } as never}
            >
              <code>{scan.commitHash.slice(0, 7)}</code>
            </Link>
          ) : (
            scan.triggerType !== 'import' && <span>{isOver ? 'no commit was fetched' : 'not fetched yet'}</span>
          )}
          {scan.branch && <code>{visible(scan.branch)}</code>}
          <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id: scan.repositoryId } as never}>
            Repository
          </Link>
        </span>
      }
      actions={<Actions scan={scan} isOver={isOver} />}
    >
      {isOver ? <Ended scan={scan} /> : <Running scan={scan} />}
      <Tasks scan={scan} />
      {scan.status === 'completed' && <Found scan={scan} />}
      <p className="row caption">
        Scan <code>{scan.id}</code> <CopyButton text={scan.id} label="Copy the id" />
      </p>
    </Page>
  )
}

function Actions({ scan, isOver }: { scan: Whole; isOver: boolean }) {
  const { slug } = useWorkspace()
  const mayScan = useMay('member')
  const client = useQueryClient()
  const navigate = useNavigate()
  const cancel = useMutation({
    mutationFn: () => answer(api.POST('/scans/{id}/cancel', { params: { path: { id: scan.id } } })),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['scans'] }),
  })
  const again = useMutation({
    mutationFn: () =>
      answer(api.POST('/repositories/{id}/scan', { params: { path: { id: scan.repositoryId } }, body: { branch: scan.branch } })),
    onSuccess: ({ id }) => navigate({ to: '/w/$slug/scans/$id' as never, params: { slug, id } as never }),
    onError: (error) => toast(said(error)),
  })
  // A pull request is analysed again from its page; what was imported has no code to look at.
  const mayRepeat = isOver && mayScan && !scan.pullRequestId && scan.triggerType !== 'import'
  useKeys(mayRepeat ? [{ keys: 's', label: 'Scan again', group: 'Scan', run: () => !again.isPending && again.mutate() }] : [])
  return (
    <>
      {!isOver && mayScan && (
        <Button busy={cancel.isPending && 'Cancelling…'} onClick={() => cancel.mutate()}>
          Cancel
        </Button>
      )}
      {scan.pullRequestId && (
        <Link to={'/w/$slug/pulls/$id' as never} params={{ slug, id: scan.pullRequestId } as never} className="button">
          Pull request
        </Link>
      )}
      {mayRepeat && (
        <Button
          look={scan.status === 'failed' ? 'primary' : 'plain'}
          busy={again.isPending && 'Starting…'}
          onClick={() => again.mutate()}
        >
          Scan again <kbd>s</kbd>
        </Button>
      )}
      {scan.reportAvailable && (
        <ReportMenu
          group="Scan"
          forms={['html', 'pdf', 'sarif', 'json', 'csv']}
          save={(format) =>
            save(
              api.GET('/scans/{id}/report', {
                params: { path: { id: scan.id }, query: { format } as never },
                parseAs: 'blob',
              }),
            )
          }
        />
      )}
    </>
  )
}

function Running({ scan }: { scan: Whole }) {
  const live = useProgress(scan.id)
  const before = useQuery(repositoryQuery(scan.repositoryId)).data?.totalFiles ?? 0
  const progress = live?.progress ?? scan.progress
  const isWaiting = scan.status !== 'running'
  const phase = PHASES[phaseAt(progress, live?.phase)]?.[1]
  useAnnounced(isWaiting ? 'Waiting' : `${phase}, ${progress} %`)
  return (
    <Panel title="Progress" padded>
      <div className="stack">
        <Phases scan={scan} progress={progress} phase={live?.phase} />
        {isWaiting ? <p className="muted">○ waiting for its turn</p> : <Bar value={progress} live={undefined} />}
        <p className="muted num">
          {counted(live?.filesScanned ?? scan.filesScanned, 'file')} read
          {before > 0 && `, ${number(before)} in the scan before`}
          {live && <Quiet since={live.at} />}
        </p>
      </div>
    </Panel>
  )
}

/** That nothing was heard for a while, told by the second. */
function Quiet({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  if (now - since <= QUIET_MS) return null
  return ` · no news for ${duration(Math.floor((now - since) / 1_000) * 1_000)}, still connected`
}

/** Reads out what changes, and of what changes often only where it has come to. */
function useAnnounced(text: string): void {
  const told = useRef(0)
  useEffect(() => {
    const wait = Math.max(0, told.current + ANNOUNCE_MS - Date.now())
    const timer = setTimeout(() => {
      told.current = Date.now()
      announce(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text])
}

function Ended({ scan }: { scan: Whole }) {
  const { slug } = useWorkspace()
  const mayChange = useMay('member')
  const isDone = scan.status === 'completed'
  const seen = coverage(scan.tasks[0]?.result)
  const code = scan.triggerType !== 'import'
  return (
    <Panel title="Result" padded>
      <div className="stack">
        <p className="row wrap">
          <State
            id={scan.id}
            status={scan.status}
            progress={scan.progress}
            durationMs={scan.durationMs}
            error={scan.errorMessage}
          />
          <span className="muted">
            <Time at={scan.completedAt} />
          </span>
        </p>
        {code && <Phases scan={scan} progress={scan.progress} />}
        {isDone ? (
          <>
            <Counts scan={scan} />
            <p className="muted num">
              {seen ? covered(seen) : counted(scan.filesScanned, 'file')} · {counted(scan.linesScanned, 'line')}
              {scan.cacheHit && ' · taken over from an earlier scan of the same commit'}
            </p>
            {seen && !seen.isComplete && seen.limits.length === 0 && <p className="note warn">! Not all of it was looked at.</p>}
            {seen?.limits.map((limit) => (
              <p key={limit} className="note warn">
                ! {visible(limit)}
              </p>
            ))}
            {code && <Times scan={scan} />}
          </>
        ) : (
          <p className="muted">
            It came to no end, so it says nothing of what is new or fixed.{' '}
            <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ repo: scan.repositoryId } as never}>
              What was known before
            </Link>{' '}
            still stands.
            {scan.status === 'failed' && mayChange && (
              <>
                {' '}
                Mend what is said above, then scan again. How the repository is reached stands in{' '}
                <Link to={'/w/$slug/repositories/$id/settings' as never} params={{ slug, id: scan.repositoryId } as never}>
                  its settings
                </Link>
                .
              </>
            )}
          </p>
        )}
      </div>
    </Panel>
  )
}

/** What changed is listed below; what is open, in the list of findings. */
function Counts({ scan }: { scan: Whole }) {
  const { slug } = useWorkspace()
  const { newVulnerabilities: found, fixedVulnerabilities: fixed, vulnerabilitiesFound: open } = scan
  const listed = (state: 'new' | 'fixed', count: number) =>
    count === 0 ? (
      `0 ${state}`
    ) : (
      <Link to="." search={{ state } as never} resetScroll={false}>
        {number(count)} {state}
      </Link>
    )
  return (
    <>
      <p className="row wrap num scan-counts">
        <span>
          {listed('new', found)} · {listed('fixed', fixed)} ·{' '}
          <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ repo: scan.repositoryId } as never}>
            {number(open)} open
          </Link>{' '}
          afterwards
        </span>
        <SeverityCounts counts={scan.severityCounts as Record<string, number>} />
      </p>
      {found > open && <p className="caption">What a comment in the code ignores is new, but not open.</p>}
    </>
  )
}

/** The parts of a scan, where there are several or one did not do its work. */
function Tasks({ scan }: { scan: Whole }) {
  const { tasks, errorMessage } = scan
  // One part that went the way of the whole says nothing more.
  if (tasks.length < 2 && tasks.every((one) => !one.errorMessage || one.errorMessage === errorMessage)) return null
  return (
    <Panel title="Tasks">
      <table className="grid">
        <tbody>
          {tasks.map((one) => (
            <tr key={one.id}>
              <td className="first strong">{task(one.type, one.tool)}</td>
              <td>
                <Stands status={one.status} error={one.errorMessage === errorMessage ? undefined : one.errorMessage} />
              </td>
              <td className="end">{one.durationSeconds == null ? '–' : duration(one.durationSeconds * 1_000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Stands({ status, error }: { status: string; error: string | null | undefined }) {
  switch (status) {
    case 'completed':
      return <span className="ok">✓ done</span>
    case 'failed':
      return (
        <span className="bad">
          ✕ failed
          {error && <>: {visible(error)}</>}
        </span>
      )
    case 'running':
      return <span>● under way</span>
    case 'skipped':
      return <span className="muted">⊘ left out</span>
    default:
      return <span className="muted">○ waiting</span>
  }
}
