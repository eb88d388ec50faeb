import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { repositoryQuery } from '@/api/repository'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { counted, number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { useProgress } from '@/lib/progress'
import { Button, CopyButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { Bar } from '@/ui/ScanState'
import { Tabs } from '@/ui/Tabs'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { Changes } from './changes'
import { Comments } from './comments'
import { Found } from './found'
import { commentsQuery, diffQuery, type Judged, type PullDetail, pullQuery } from './queries'
import { Branches, State } from './state'
import { isRunning, verdict } from './verdict'
import { atForge } from './words'
import './feedback.css'

export function PullRequest() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery(pullQuery(id))
  if (query.isError) {
    return (
      <Page title="Pull request">
        <Failed error={query.error} retry={() => query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title="Pull request">
        <SkeletonRows rows={10} />
      </Page>
    )
  }
  return <Whole pull={query.data} />
}

function Whole({ pull }: { pull: PullDetail }) {
  const { slug } = useWorkspace()
  const mayScan = useMay('member')
  const client = useQueryClient()
  const [{ tab }] = useFilter<{ tab?: string }>()
  const repository = useQuery(repositoryQuery(pull.repoId)).data
  const comments = useQuery(commentsQuery(pull.id, {}))
  const diff = useQuery({ ...diffQuery(pull), enabled: tab === 'changes' })
  const running = isRunning(pull)
  const analyze = useMutation({
    mutationFn: () => answer(api.POST('/pull-requests/{id}/analyze', { params: { path: { id: pull.id } } })),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['pulls'] }),
  })
  const again = () => {
    if (!running && !analyze.isPending) analyze.mutate()
  }
  useKeys(mayScan ? [{ keys: 's', label: 'Analyse', group: 'Pull request', run: again }] : [])
  const url = atForge(pull.prUrl)
  const tabs = [
    ['Findings', undefined, pull.judgement?.newCount],
    ['Changes', 'changes', diff.data?.totals.files],
    ['Comments', 'comments', comments.data?.total],
  ] as const
  return (
    <Page
      title={`#${pull.prNumber} ${pull.prTitle}`}
      heading={
        <>
          {visible(pull.prTitle)} <span className="muted num">#{pull.prNumber}</span>
        </>
      }
      about={
        <span className="row wrap pull-about">
          <State state={pull.state} />
          <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id: pull.repoId } as never}>
            {repository?.fullName ?? 'Repository'}
          </Link>
          <span>{visible(pull.author)}</span>
          <span>
            <Branches pull={pull} />
          </span>
        </span>
      }
      actions={
        <>
          {url && (
            <a href={url} className="button" rel="noopener noreferrer" target="_blank">
              Open at the forge <ExternalLink size={14} aria-hidden="true" />
            </a>
          )}
          {mayScan && (
            <Button
              busy={analyze.isPending && 'Starting…'}
              refused={running && 'It is under way'}
              look={pull.judgement ? 'plain' : 'primary'}
              onClick={again}
            >
              {pull.analysis ? 'Analyse again' : 'Analyse'} <kbd>s</kbd>
            </Button>
          )}
        </>
      }
    >
      <Standing pull={pull} />
      {pull.judgement && pull.judgement.unseen.length > 0 && <Unseen paths={pull.judgement.unseen} />}
      <Tabs label="Pull request">
        {tabs.map(([label, name, count]) => (
          <Link
            key={label}
            to="."
            search={name ? ({ tab: name } as never) : {}}
            activeOptions={{ exact: true }}
            aria-current={tab === name ? 'page' : undefined}
          >
            {label} {count !== undefined && <span className="muted num">{number(count)}</span>}
          </Link>
        ))}
      </Tabs>
      {tab === 'comments' ? <Comments pull={pull} /> : tab === 'changes' ? <Changes pull={pull} /> : <Found pull={pull} />}
    </Page>
  )
}

/** Whether it may pass, of which head, and how far the analysis is. */
function Standing({ pull }: { pull: PullDetail }) {
  const { slug } = useWorkspace()
  const { tone, sign, text, remedy } = verdict(pull)
  const { analysis, judgement } = pull
  const isOlder = analysis?.commitHash != null && analysis.commitHash !== pull.headSha
  return (
    <section className="verdict" data-tone={tone} aria-label="Verdict">
      <p className="verdict-line" role="status">
        <span className={tone} aria-hidden="true">
          {sign}
        </span>{' '}
        {text} {remedy && <span className="muted">{remedy}</span>}
      </p>
      {analysis && isRunning(pull) && <Live scan={analysis.id} progress={analysis.progress} />}
      <p className="row wrap caption verdict-about">
        <span className="row">
          head <code>{pull.headSha.slice(0, 7)}</code> <CopyButton text={pull.headSha} label="Copy the hash of the head" />
        </span>
        {judgement?.base && (
          <span>
            compared with <code>{judgement.base.slice(0, 7)}</code>
          </span>
        )}
        {pull.analyzedAt && !isRunning(pull) && (
          <span>
            analysed <Time at={pull.analyzedAt} />
          </span>
        )}
        {judgement && <Threshold {...judgement} />}
        {analysis && (
          <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: analysis.id } as never}>
            The scan
          </Link>
        )}
      </p>
      {isOlder && (
        <p className="note warn">
          <span>
            This is of <code>{analysis.commitHash?.slice(0, 7)}</code>. The head is <code>{pull.headSha.slice(0, 7)}</code> by
            now.
          </span>
        </p>
      )}
    </section>
  )
}

function Threshold({ failOn }: Judged) {
  return <span>{failOn === 'none' ? 'the check fails for no finding' : `the check fails from ${failOn} on`}</span>
}

/** As the socket tells it. */
function Live({ scan, progress }: { scan: string; progress: number }) {
  const live = useProgress(scan)
  return (
    <div className="row wrap">
      <Bar value={live?.progress ?? progress} live={live} />
      {live && <span className="muted num">{counted(live.filesScanned, 'file')}</span>}
    </div>
  )
}

function Unseen({ paths }: { paths: string[] }) {
  return (
    <div className="note warn">
      <details>
        <summary>
          {counted(paths.length, 'file')} of the change could not be looked at: nobody can say whether something is new there.
        </summary>
        <ul>
          {paths.map((path) => (
            <li key={path}>
              <code>{visible(path)}</code>
            </li>
          ))}
        </ul>
      </details>
    </div>
  )
}
