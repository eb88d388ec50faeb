import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { visible } from '@/ui/code/Text'
import { Loaded, SkeletonRows } from '@/ui/faces'
import { SeverityMark } from '@/ui/Severity'
import { diffQuery } from './queries'

const Diff = lazy(() => import('@/ui/code/Diff'))

type Finding = Schemas['VulnerabilityDetail']

/** What stands in place of a secret. */
const MASK = '•••'

/** What a commit changes, with what its scan saw under the lines. */
export function CommitChanges({ commit, findings }: { commit: Schemas['Commit']; findings: Finding[] }) {
  const client = useQueryClient()
  const { repositoryId, hash } = commit
  const query = useQuery(diffQuery(repositoryId, hash))
  return (
    <section aria-label="Changes" className={query.data ? undefined : 'panel'}>
      <Suspense fallback={<SkeletonRows rows={10} />}>
        <Loaded query={query} rows={10}>
          {(diff) => (
            <Diff
              diff={diff}
              notes={findings.map(noteOf)}
              alone={(path) => client.fetchQuery(diffQuery(repositoryId, hash, path))}
              repository={repositoryId}
            />
          )}
        </Loaded>
      </Suspense>
    </section>
  )
}

function noteOf(finding: Finding) {
  const { id, filePath, lineNumber, firstLine, lines } = finding
  // A later scan may have seen it elsewhere.
  const reads = lines[lineNumber - firstLine]
  return {
    key: id,
    path: filePath,
    line: lineNumber,
    reads: reads?.includes(MASK) ? undefined : reads,
    said: <Said finding={finding} />,
  }
}

function Said({ finding: { id, severity, type } }: { finding: Finding }) {
  const { slug } = useWorkspace()
  return (
    <span className="row">
      <SeverityMark severity={severity} />
      <Link to={'/w/$slug/findings/$id' as never} params={{ slug, id } as never}>
        {visible(type)}
      </Link>
    </span>
  )
}
