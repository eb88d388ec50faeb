import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { number } from '@/lib/format'
import { visible } from '@/ui/code/Text'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Path } from '@/ui/Path'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { reachText } from './status'

/** As many as fit beside the activity. */
const NEXT = 8
/** Repositories that are named where there are several. */
const NAMED = 3

type Repositories = Schemas['RepositoryList']

export interface Unknown {
  failed: Repositories
  never: Repositories
}

/** Repositories of which nothing is known, or no more; nothing until that is known itself. */
export function useUnknown(slug: string): Unknown | undefined {
  const failed = useOf(slug, 'failed')
  const never = useOf(slug, 'pending')
  return failed && never && { failed, never }
}

function useOf(slug: string, scanStatus: 'failed' | 'pending') {
  return useQuery({
    queryKey: ['repositories', slug, 'unknown', scanStatus],
    queryFn: () => answer(api.GET('/repositories', { params: { query: { scanStatus, limit: NAMED } as never } })),
  }).data
}

interface RowProps {
  slug: string
  of: Repositories
  /** What all of them have in common. */
  scanStatus: 'failed' | 'pending'
  one: string
  many?: string
}

function Row({ slug, of, scanStatus, one, many = one }: RowProps) {
  const more = of.total - of.repositories.length
  if (of.total === 0) return null
  return (
    <li>
      <span className="bad" aria-hidden="true">
        ✕
      </span>
      <span className="grow said">
        {of.repositories.map(({ id, name }, at) => (
          <span key={id}>
            {at > 0 && (more === 0 && at === of.repositories.length - 1 ? ' and ' : ', ')}
            <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id } as never}>
              {visible(name)}
            </Link>
          </span>
        ))}
        {more > 0 && (
          <>
            {' '}
            and{' '}
            <Link to={'/w/$slug/repositories' as never} params={{ slug } as never} search={{ scanStatus } as never}>
              {number(more)} more
            </Link>
          </>
        )}{' '}
        {of.total > 1 ? many : one}
      </span>
    </li>
  )
}

/** What nobody knows, then the worst open findings: where to begin. */
export function Next({ slug, unknown }: { slug: string; unknown: Unknown | undefined }) {
  const list = useQuery({
    queryKey: ['findings', slug, 'next'],
    queryFn: () =>
      answer(api.GET('/vulnerabilities', { params: { query: { status: 'open', sort: '-risk', limit: NEXT } as never } })),
  })
  const rows = unknown ? [unknown.failed, unknown.never].filter(({ total }) => total > 0).length : 0
  return (
    <Panel
      title="What to do next"
      actions={
        <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ sort: '-risk' } as never}>
          All
        </Link>
      }
    >
      <Loaded query={list}>
        {({ vulnerabilities }) =>
          vulnerabilities.length === 0 && unknown && rows === 0 ? (
            <Empty title="No open findings." />
          ) : (
            <ol className="next">
              {unknown && (
                <>
                  <Row slug={slug} of={unknown.failed} scanStatus="failed" one="could not be scanned the last time" />
                  <Row slug={slug} of={unknown.never} scanStatus="pending" one="was never scanned" many="were never scanned" />
                </>
              )}
              {vulnerabilities.slice(0, NEXT - rows).map((finding) => (
                <li key={finding.id}>
                  <SeverityMark severity={finding.severity} />
                  <div className="grow">
                    <Link
                      to={'/w/$slug/findings/$id' as never}
                      params={{ slug, id: finding.id } as never}
                      // The list that this is the head of.
                      search={{ sort: '-risk' } as never}
                    >
                      {visible(finding.type)}
                    </Link>{' '}
                    <span className="muted">{reachText(finding.reach)}</span>
                    <p className="row muted">
                      <span className="clip short" title={finding.repositoryName}>
                        {visible(finding.repositoryName.split('/').at(-1) ?? '')}
                      </span>
                      <Path path={finding.filePath} line={finding.lineNumber} />
                    </p>
                  </div>
                  <span className="caption">
                    <Time at={finding.detectedAt} />
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  )
}
