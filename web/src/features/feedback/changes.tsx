import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useMay } from '@/api/session'
import { visible } from '@/ui/code/Text'
import { Loaded, SkeletonRows } from '@/ui/faces'
import { SeverityMark } from '@/ui/Severity'
import { diffQuery, type New, type PullDetail } from './queries'

const Diff = lazy(() => import('@/ui/code/Diff'))

/** What it changes, with what the change brings under the lines that bring it. */
export function Changes({ pull }: { pull: PullDetail }) {
  const client = useQueryClient()
  const query = useQuery(diffQuery(pull))
  return (
    <section aria-label="Changes" className={query.data ? undefined : 'panel'}>
      <Suspense fallback={<SkeletonRows rows={10} />}>
        <Loaded query={query} rows={10}>
          {(diff) => (
            <Diff
              diff={diff}
              // Lines of another head are others.
              notes={(pull.analysis?.commitHash ?? pull.headSha) === diff.to ? (pull.judgement?.new ?? []).map(noteOf) : []}
              alone={(path) => client.fetchQuery(diffQuery(pull, path))}
              repository={pull.repoId}
            />
          )}
        </Loaded>
      </Suspense>
    </section>
  )
}

function noteOf(finding: New) {
  return { key: finding.key, path: finding.path, line: finding.line, said: <Said finding={finding} /> }
}

function Said({ finding }: { finding: New }) {
  const mayComment = useMay('member')
  const { severity, title, path, line } = finding
  return (
    <>
      <span className="row">
        <SeverityMark severity={severity} />
        <Link to="." search={{ file: path } as never}>
          {visible(title)}
        </Link>
      </span>
      <span className="muted">new here</span>
      {mayComment && finding.isOnChange && (
        <Link to="." search={{ tab: 'comments', at: `${path}:${line}` } as never} className="button small quiet no-print">
          Comment
        </Link>
      )}
    </>
  )
}
