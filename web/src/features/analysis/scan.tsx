import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { save } from '@/api/save'
import { useMay, useWorkspace } from '@/api/session'
import { number, words } from '@/lib/format'
import { useProgress } from '@/lib/progress'
import { duration } from '@/lib/time'
import { Button, CopyButton } from '@/ui/Button'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { ReportMenu } from '@/ui/ReportMenu'
import { Bar, State } from '@/ui/ScanState'
import { SeverityCounts } from '@/ui/Severity'
import { Time, useNow } from '@/ui/Time'
import { toast } from '@/ui/toast'

type Whole = Schemas['ScanDetail']

/** After this long without news it is said that there are none. */
const QUIET_MS = 15_000

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
  return <Details scan={query.data} />
}

function Details({ scan }: { scan: Whole }) {
  const { slug } = useWorkspace()
  const mayScan = useMay('member')
  const client = useQueryClient()
  const isOver = ['completed', 'failed', 'cancelled'].includes(scan.status)
  const cancel = useMutation({
    mutationFn: () => answer(api.POST('/scans/{id}/cancel', { params: { path: { id: scan.id } } })),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['scans'] }),
  })
  return (
    <Page
      title={`Scan of ${scan.repositoryName}`}
      about={
        <>
          {words(scan.triggerType)} · {scan.mode} · <code>{scan.commitHash?.slice(0, 7) ?? 'not fetched yet'}</code> {scan.branch}
        </>
      }
      actions={
        <>
          {!isOver && mayScan && (
            <Button busy={cancel.isPending && 'Cancelling…'} onClick={() => cancel.mutate()}>
              Cancel
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
      }
    >
      {isOver ? <Ended scan={scan} /> : <Running scan={scan} />}
      <Panel title="Found" padded>
        <div className="stack">
          <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ repo: scan.repositoryId } as never}>
            <SeverityCounts counts={scan.severityCounts as Record<string, number>} />
          </Link>
          <p className="num">
            {number(scan.newVulnerabilities)} new · {number(scan.fixedVulnerabilities)} fixed ·{' '}
            {number(scan.vulnerabilitiesFound)} open
          </p>
        </div>
      </Panel>
      {scan.tasks.length > 0 && <Tasks tasks={scan.tasks} />}
      <p className="row caption">
        Scan <code>{scan.id}</code> <CopyButton text={scan.id} label="Copy the id" />
      </p>
    </Page>
  )
}

function Running({ scan }: { scan: Whole }) {
  const live = useProgress(scan.id)
  const now = useNow().getTime()
  const quiet = live && now - live.at > QUIET_MS
  return (
    <Panel title="Progress" padded>
      <div className="stack" role="status">
        <Bar value={live?.progress ?? scan.progress} live={live} />
        <p className="muted num">
          {number(live?.filesScanned ?? scan.filesScanned)} files
          {quiet && ` · no news for ${duration(now - live.at)}, still connected`}
        </p>
      </div>
    </Panel>
  )
}

function Ended({ scan }: { scan: Whole }) {
  return (
    <Panel title="Result" padded>
      <p>
        <State
          id={scan.id}
          status={scan.status}
          progress={scan.progress}
          durationMs={scan.durationMs}
          error={scan.errorMessage}
        />
      </p>
      <p className="muted num">
        {number(scan.filesScanned)} files, {number(scan.linesScanned)} lines · <Time at={scan.completedAt} />
        {scan.cacheHit && ' · taken over from an earlier scan of the same commit'}
      </p>
    </Panel>
  )
}

function Tasks({ tasks }: { tasks: Whole['tasks'] }) {
  return (
    <Panel title="Tasks">
      <table className="grid">
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <td className="first strong">{words(task.type)}</td>
              <td className="muted">{task.tool}</td>
              <td>{task.errorMessage ? <span className="bad">✕ {task.errorMessage}</span> : task.status}</td>
              <td className="end">{task.durationSeconds == null ? '–' : duration(task.durationSeconds * 1_000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
