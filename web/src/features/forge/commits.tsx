import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { CopyButton } from '@/ui/Button'
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
              <th scope="col" style={{ width: 120 }}>
                Commit
              </th>
              <th scope="col">Message</th>
              <th scope="col">Repository</th>
              <th scope="col">Author</th>
              <th scope="col" style={{ width: 100 }}>
                Findings
              </th>
              <th scope="col" style={{ width: 120 }}>
                When
              </th>
            </tr>
          </thead>
          <tbody>
            {commits.map((commit) => (
              <tr key={commit.id}>
                <td className="first">
                  <span className="row">
                    <code>{commit.shortHash}</code>
                    <CopyButton text={commit.hash} label="Copy the hash" />
                  </span>
                </td>
                <td className="clip">{commit.message.split('\n')[0] || <span className="muted">not fetched</span>}</td>
                <td className="clip">
                  {commit.repositoryName} <span className="muted">{commit.branch}</span>
                </td>
                <td className="clip muted">{commit.author}</td>
                <td className="num">
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
