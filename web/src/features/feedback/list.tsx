import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { useRows } from '@/lib/rows'
import { visible } from '@/ui/code/Text'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { type Filter, type Pull, pullsQuery, repositoriesQuery } from './queries'
import { Branches, State } from './state'
import { repositoryOf } from './words'
import './feedback.css'

const STATES = [
  ['open', 'Open'],
  ['merged', 'Merged'],
  ['closed', 'Closed'],
  ['all', 'Every state'],
] as const

const STATUSES = [
  ['', 'Analysed or not'],
  ['pending', 'Waiting'],
  ['analyzing', 'Under way'],
  ['completed', 'Analysed'],
  ['failed', 'Failed'],
] as const

export function PullRequests() {
  return (
    <Page title="Pull requests">
      <PullList />
    </Page>
  )
}

export function RepositoryPulls() {
  const { id } = useParams({ strict: false }) as { id?: string }
  return <PullList of={id} />
}

/** Those of all repositories, or of one. */
function PullList({ of }: { of?: string }) {
  const { slug } = useWorkspace()
  const mayConnect = useMay('member')
  const [{ repoId, status, state, author, page }, change] = useFilter<Filter>()
  const repositories = useQuery({ ...repositoriesQuery(slug), enabled: of === undefined }).data?.repositories ?? []
  const names = new Map(repositories.map(({ id, fullName }) => [id, fullName]))
  const list = useQuery(pullsQuery(slug, { repoId: of ?? repoId, status, state, author, page }))
  const isNarrowed = Boolean(repoId || status || author || (state && state !== 'all'))
  return (
    <>
      <div className="toolbar">
        <SearchField label="Filter by author" value={author ?? ''} onChange={(author) => change({ author })} />
        <FilterSelect label="State" value={state} options={STATES} onChange={(state) => change({ state })} />
        <FilterSelect label="Analysis" value={status} options={STATUSES} onChange={(status) => change({ status })} />
        {repositories.length > 1 && (
          <FilterSelect
            label="Repository"
            value={repoId}
            options={[['', 'Every repository'], ...repositories.map(({ id, fullName }) => [id, fullName] as const)]}
            onChange={(repoId) => change({ repoId })}
          />
        )}
        <Count of={list.data} one="pull request" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.pullRequests}
        empty={
          <Empty
            title={isNarrowed ? 'Nothing matches.' : state === 'all' ? 'No pull requests yet.' : 'No open pull requests.'}
            action={
              !isNarrowed &&
              mayConnect && (
                <Link to={'/w/$slug/repositories' as never} params={{ slug } as never} className="button">
                  Repositories
                </Link>
              )
            }
          >
            {isNarrowed
              ? 'Take a filter away to see more.'
              : 'They appear when a repository at GitHub or GitLab is connected, as they are opened there.'}
          </Empty>
        }
      >
        {(items) => (
          <Table items={items} nameOf={of ? undefined : (pull) => names.get(pull.repoId) ?? repositoryOf(pull.prUrl)} />
        )}
      </PagedList>
    </>
  )
}

function Table({ items, nameOf }: { items: Pull[]; nameOf: ((pull: Pull) => string) | undefined }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const to = (pull: Pull | undefined) => ({ to: '/w/$slug/pulls/$id' as never, params: { slug, id: pull?.id } as never })
  const rows = useRows({ count: items.length, open: (at) => navigate(to(items[at])) })
  return (
    <table className="grid pulls">
      <thead>
        <tr>
          <th scope="col">Pull request</th>
          <th scope="col" className="pull-state">
            State
          </th>
          <th scope="col" className="pull-state">
            Verdict
          </th>
          <th scope="col" className="pull-when">
            Changed
          </th>
        </tr>
      </thead>
      <tbody ref={rows.holder as never}>
        {items.map((pull, at) => (
          <tr key={pull.id} {...rows.row(at)}>
            <td className="first">
              <Link {...to(pull)}>{visible(pull.prTitle)}</Link>
              <p className="caption pull-about">
                <span className="num">
                  {nameOf?.(pull)} #{pull.prNumber}
                </span>
                <span>{visible(pull.author)}</span>
                <span>
                  <Branches pull={pull} />
                </span>
              </p>
            </td>
            <td>
              <State state={pull.state} />
            </td>
            <td>{(pull.verdict && VERDICTS[pull.verdict]) || ANALYSES[pull.status] || pull.status}</td>
            <td>
              <Time at={pull.updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What its latest head came to. */
const VERDICTS: Record<string, ReactNode> = {
  failed: <span className="bad">✕ blocked</span>,
  noted: <span className="warn">! noted</span>,
  clean: <span className="ok">✓ nothing new</span>,
}

/** Where there is no verdict: how far it is. */
const ANALYSES: Record<string, ReactNode> = {
  pending: <span className="muted">○ waiting</span>,
  analyzing: <span>● under way</span>,
  completed: <span>✓ analysed</span>,
  failed: <span className="bad">✕ failed</span>,
}
