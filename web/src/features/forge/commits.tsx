import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useRows } from '@/lib/rows'
import { CopyButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Empty } from '@/ui/faces'
import { PagedList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { useRepositoryId } from './queries'

export function Commits() {
  return (
    <Page title="Commits">
      <CommitList />
    </Page>
  )
}

export function RepositoryCommits() {
  return <CommitList repositoryId={useRepositoryId()} />
}

/** Those of all repositories, or of one. */
function CommitList({ repositoryId }: { repositoryId?: string }) {
  const { slug } = useWorkspace()
  const { page } = useSearch({ strict: false }) as { page?: number }
  const list = useQuery({
    queryKey: ['commits', slug, { repositoryId, page }],
    queryFn: () => answer(api.GET('/commits', { params: { query: { repositoryId, page, limit: 50 } as never } })),
    placeholderData: (before) => before,
  })
  const navigate = useNavigate()
  const commits = list.data?.commits ?? []
  const to = (commit: Schemas['Commit'] | undefined) => ({
    to: '/w/$slug/commits/$hash' as never,
    params: { slug, hash: commit?.hash } as never,
    search: { repositoryId: commit?.repositoryId } as never,
  })
  const rows = useRows({ count: commits.length, open: (at) => navigate(to(commits[at])) })
  return (
    <PagedList
      query={list}
      of={(data) => data.commits}
      empty={<Empty title="No commits yet.">They come with a push, or with a scan.</Empty>}
    >
      {(commits) => (
        <table className="grid">
          <thead>
            <tr>
              <th scope="col" style={{ width: '7.5rem' }}>
                Commit
              </th>
              <th scope="col">Message</th>
              <th scope="col">Repository</th>
              <th scope="col">Author</th>
              <th scope="col" style={{ width: '6.25rem' }}>
                Findings
              </th>
              <th scope="col" style={{ width: '7.5rem' }}>
                When
              </th>
            </tr>
          </thead>
          <tbody ref={rows.holder as never}>
            {commits.map((commit, at) => (
              <tr key={commit.id} {...rows.row(at)}>
                <td className="first">
                  <span className="row">
                    <Link {...to(commit)}>
                      <code>{commit.shortHash}</code>
                    </Link>
                    <CopyButton text={commit.hash} label="Copy the hash" />
                  </span>
                </td>
                <td className="clip">
                  {commit.message ? visible(commit.message.split('\n')[0] ?? '') : <span className="muted">not fetched</span>}
                </td>
                <td className="clip">
                  {commit.repositoryName} <span className="muted">{commit.branch}</span>
                </td>
                <td className="clip muted">{visible(commit.author)}</td>
                <td className="num" data-name="findings">
                  {commit.scanId ? (
                    <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: commit.scanId } as never}>
                      {commit.vulnerabilitiesFound ?? commit.status}
                    </Link>
                  ) : (
                    <span className="muted">{commit.status}</span>
                  )}
                </td>
                <td>
                  <Time at={commit.authoredAt ?? commit.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </PagedList>
  )
}
