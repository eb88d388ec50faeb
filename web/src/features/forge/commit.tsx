import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { CopyButton } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { State } from '@/ui/ScanState'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { CommitChanges } from './commit-changes'
import './forge.css'

type Whole = Schemas['CommitScan']

/** A commit, the scan that looked at it last, and what that scan saw. */
export function Commit() {
  const { hash = '' } = useParams({ strict: false }) as { hash?: string }
  const [{ repositoryId }] = useFilter<{ repositoryId?: string }>()
  const query = useQuery({
    queryKey: ['commits', 'one', hash, repositoryId],
    queryFn: () => answer(api.GET('/commits/{hash}/scan', { params: { path: { hash }, query: { repositoryId } as never } })),
    retry: false,
  })
  if (query.isError) {
    return (
      <Page title="Commit">
        <Failed error={query.error} retry={() => query.refetch()} />
      </Page>
    )
  }
  if (!query.data) {
    return (
      <Page title="Commit">
        <SkeletonRows />
      </Page>
    )
  }
  return <Details {...query.data} />
}

function Details({ commit, scan, vulnerabilities }: Whole) {
  const { slug } = useWorkspace()
  const [subject = '', ...rest] = commit.message.split('\n')
  const body = rest.join('\n').trim()
  return (
    <Page
      title={subject || `Commit ${commit.shortHash}`}
      heading={subject ? visible(subject) : `Commit ${commit.shortHash}`}
      about={
        <span className="row wrap repository-about">
          <span className="row">
            <code>{commit.shortHash}</code> <CopyButton text={commit.hash} label="Copy the hash" />
          </span>
          <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id: commit.repositoryId } as never}>
            {commit.repositoryName}
          </Link>
          <code>{visible(commit.branch)}</code>
          <span>{visible(commit.author)}</span>
          <Time at={commit.authoredAt ?? commit.createdAt} />
        </span>
      }
    >
      {!subject && <p className="note">Its message comes with a scan: the commit was not fetched yet.</p>}
      {body && <pre className="note commit-body">{body}</pre>}
      <Panel title="Scan" padded>
        {scan ? (
          <div className="stack">
            <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: scan.id } as never}>
              <State
                id={scan.id}
                status={scan.status}
                progress={scan.progress}
                durationMs={scan.durationMs}
                error={scan.errorMessage}
              />
            </Link>
            <p className="muted num">
              {number(scan.newVulnerabilities)} new · {number(scan.fixedVulnerabilities)} fixed ·{' '}
              {number(scan.vulnerabilitiesFound)} open in {commit.repositoryName} after it ·{' '}
              <Time at={scan.completedAt} none="not over" />
            </p>
          </div>
        ) : (
          <p className="muted">No scan has looked at this commit. Those at the head of a branch are looked at.</p>
        )}
      </Panel>
      {scan && (
        <Panel title="Findings that it saw">
          {vulnerabilities.length === 0 ? (
            <Empty title={scan.status === 'completed' ? 'It saw no findings.' : 'Nothing yet.'} />
          ) : (
            <Seen findings={vulnerabilities} />
          )}
        </Panel>
      )}
      <CommitChanges commit={commit} findings={vulnerabilities} />
    </Page>
  )
}

function Seen({ findings }: { findings: Whole['vulnerabilities'] }) {
  const { slug } = useWorkspace()
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col">Finding</th>
          <th scope="col">Where</th>
          <th scope="col" style={{ width: 120 }}>
            Status
          </th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <tr key={finding.id}>
            <td className="first clip">
              <span className="row">
                <SeverityMark severity={finding.severity} />
                <Link to={'/w/$slug/findings/$id' as never} params={{ slug, id: finding.id } as never} className="clip">
                  {visible(finding.type)}
                </Link>
              </span>
            </td>
            <td className="clip">
              <code title={finding.filePath}>
                {visible(finding.filePath)}:{finding.lineNumber}
              </code>
            </td>
            <td className="muted">{finding.status.replace('_', ' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
