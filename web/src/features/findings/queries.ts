import { queryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'
import { type Filter, toQuery } from './filter'

export type Summary = Schemas['VulnerabilitySummary']
export type Detail = Schemas['VulnerabilityDetail']

/** Rows that are asked for at a time: the most the API gives. */
export const BLOCK = 100

const FACETS = 'severity,status,repository,rule'

export function useFindings(slug: string, filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['findings', slug, filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/vulnerabilities', {
          params: {
            // The counts are of all that match, and come with the first block.
            query: { ...toQuery(filter), page: pageParam, limit: BLOCK, facets: pageParam === 1 ? FACETS : undefined } as never,
          },
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page * last.perPage < last.total ? last.page + 1 : undefined),
    placeholderData: (before) => before,
  })
}

export function findingQuery(id: string) {
  return queryOptions({
    queryKey: ['finding', id],
    queryFn: () =>
      answer(
        api.GET('/vulnerabilities/{id}', {
          params: { path: { id }, query: { expand: 'fix,occurrences,history,flow' } as never },
        }),
      ),
  })
}

export const statsQuery = (slug: string) =>
  queryOptions({ queryKey: ['findings', slug, 'stats'], queryFn: () => answer(api.GET('/dashboard/stats')) })
