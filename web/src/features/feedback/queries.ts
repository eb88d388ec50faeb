import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'

export type Pull = Schemas['ListedPullRequest']
export type PullDetail = Schemas['PullRequestDetail']
export type Judged = Schemas['Judged']
export type New = Schemas['New']
export type Comment = Schemas['PrComment']

export interface Filter {
  repoId?: string
  status?: string
  /** `all`, or one; those that are open when nothing is said. */
  state?: string
  author?: string
  number?: number
  page?: number
}

/** At most what the API gives at a time. */
const MOST = 100

export const pullsQuery = (slug: string, { state = 'open', ...filter }: Filter, limit = 50) =>
  queryOptions({
    queryKey: ['pulls', slug, { ...filter, state, limit }],
    queryFn: () =>
      answer(
        api.GET('/pull-requests', {
          params: { query: { ...filter, state: state === 'all' ? undefined : state, limit } as never },
        }),
      ),
    placeholderData: (before) => before,
  })

export const recentQuery = (slug: string) => pullsQuery(slug, { state: 'all' }, MOST)

export const pullQuery = (id: string) =>
  queryOptions({
    queryKey: ['pulls', 'one', id],
    queryFn: () => answer(api.GET('/pull-requests/{id}', { params: { path: { id } } })),
  })

export const commentsQuery = (id: string, filter: { author?: string; page?: number }) =>
  queryOptions({
    queryKey: ['pulls', 'comments', id, filter],
    queryFn: () =>
      answer(api.GET('/pull-requests/{id}/comments', { params: { path: { id }, query: { ...filter, limit: 50 } as never } })),
    placeholderData: (before) => before,
  })

/** The repositories that can be chosen from. */
export const repositoriesQuery = (slug: string) =>
  queryOptions({
    queryKey: ['repositories', slug, { sort: 'name', limit: MOST }],
    queryFn: () => answer(api.GET('/repositories', { params: { query: { sort: 'name', limit: MOST } as never } })),
  })

/** What it changes, as its latest analysis looked at it; of one file by itself with a path. */
export const diffQuery = ({ id, headSha, analysisId }: Pull | PullDetail, path?: string) =>
  queryOptions({
    queryKey: ['diff', 'pull', id, headSha, analysisId, path],
    queryFn: () => answer(api.GET('/pull-requests/{id}/diff', { params: { path: { id }, query: { path } as never } })),
    retry: false,
  })
