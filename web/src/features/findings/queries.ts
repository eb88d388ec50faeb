import { keepPreviousData, type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer, useRef, useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { type Filter, toQuery } from './filter'
import { BLOCK, begun, COUNTED_TO, type Rows, unasked, withBlock } from './rows'

export type Detail = Schemas['VulnerabilityDetail']
export type Facet = 'severity' | 'status' | 'repository' | 'rule'

/** How many there are of each value, under the other parts of the filter. */
export type Facets = Record<string, Schemas['Counted'][]>

const FACETS = 'severity,status,repository,rule'

/** Blocks of a list that are under way at a time. */
const AT_ONCE = 2
/** Who was away from a list for longer than this finds it as it is now. */
const AWAY_MS = 30_000

/** Of all lists. Their first word is their own: news do not renew them, for rows stay where the reader has them. */
export const LISTS = 'finding-list'

const listKey = (slug: string, filter: Filter) => [LISTS, slug, filter] as const

/** Findings of a filter, of a moment: what was found later is not among them. */
function ask(filter: Filter, asOf: string | undefined, query: { page?: number; limit: number; facets?: string }) {
  const asked = toQuery(filter)
  const to = [asked.to, asOf].filter((one) => one !== undefined).sort()[0]
  return answer(api.GET('/vulnerabilities', { params: { query: { ...asked, to, ...query } as never } }))
}

/** How many match that were found since a moment. */
async function countSince(filter: Filter, moment: string): Promise<number> {
  const asked = toQuery(filter)
  const from = asked.from && asked.from > moment ? asked.from : moment
  const query = { ...asked, from, limit: 1 }
  return (await answer(api.GET('/vulnerabilities', { params: { query: query as never } }))).total
}

/** How many match. */
export const countQuery = (slug: string, filter: Filter) =>
  queryOptions({
    queryKey: ['findings', slug, 'count', filter],
    queryFn: async () => (await ask(filter, undefined, { limit: 1 })).total,
  })

/** What became of a list since it was opened. */
interface News {
  newer: number
  /** How many of it match still; nothing where the server counts no further. */
  left: number | undefined
}

/** Begins as all do that news make stale. */
const newsKey = (slug: string, filter: Filter, asOf: string | undefined) => ['findings', slug, 'news', filter, asOf]

const counted = (total: number) => (total < COUNTED_TO ? total : undefined)

/** How many were found since a list was opened, and how many of it match no more: as scans tell, and what others decide. */
export function useNews(slug: string, filter: Filter, rows: Rows | undefined): { newer: number; gone: number } {
  const asOf = rows?.asOf
  const { data } = useQuery({
    queryKey: newsKey(slug, filter, asOf),
    queryFn: async (): Promise<News> => {
      const [newer, list] = await Promise.all([countSince(filter, asOf ?? ''), ask(filter, asOf, { limit: 1 })])
      return { newer, left: counted(list.total) }
    },
    enabled: asOf !== undefined,
  })
  return { newer: data?.newer ?? 0, gone: Math.max(0, (rows?.at.length ?? 0) - (data?.left ?? Number.POSITIVE_INFINITY)) }
}

function listQuery(slug: string, filter: Filter) {
  const queryKey = listKey(slug, filter)
  return queryOptions({
    queryKey,
    queryFn: async ({ client }): Promise<Rows> => {
      const before = client.getQueryData<Rows>(queryKey)
      // The counts are of all that match, and come with the first block.
      const first = await ask(filter, before?.asOf, { page: 1, limit: BLOCK, facets: FACETS })
      const rows = begun(first, before)
      // It is as this answer says, and nothing is newer than now: neither is asked for until there is news.
      const isNew = rows.asOf !== before?.asOf
      client.setQueryData<News>(newsKey(slug, filter, rows.asOf), (news) => ({
        newer: isNew ? 0 : (news?.newer ?? 0),
        left: counted(first.total),
      }))
      return rows
    },
    placeholderData: keepPreviousData,
    // `rows.ts` sees to it, and looks at a hundred rows instead of all.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: AWAY_MS,
  })
}

/** A list by its first block; `useBlocks` asks for the others. It is of the moment when it was opened, until it is renewed. */
export function useFindings(slug: string, filter: Filter) {
  const client = useQueryClient()
  const list = useQuery(listQuery(slug, filter))
  return {
    ...list,
    renew: () => {
      const queryKey = listKey(slug, filter)
      client.setQueryData<Rows>(queryKey, (rows) => rows && { ...rows, asOf: undefined, edition: rows.edition + 1 })
      client.invalidateQueries({ queryKey, exact: true })
    },
  }
}

/** Asks for a block, and puts it where it belongs if the list is still the one it was asked for. */
export async function askBlock(client: QueryClient, slug: string, filter: Filter, page: number): Promise<void> {
  const key = listKey(slug, filter)
  const rows = client.getQueryData<Rows>(key)
  if (!rows) return
  const block = await client.fetchQuery({
    queryKey: ['finding-block', slug, filter, rows.edition, page],
    queryFn: () => ask(filter, rows.asOf, { page, limit: BLOCK }),
    gcTime: 0,
  })
  client.setQueryData<Rows>(key, (now) => (now?.edition === rows.edition ? withBlock(now, block) : now))
}

/**
 * Asks for what is not known of the places that are in sight, at most two blocks at a time: what was passed by while they were under way
 * is not asked for at all. Says what went wrong, until it is tried again.
 */
export function useBlocks(slug: string, filter: Filter, rows: Rows | undefined, from: number, to: number) {
  const client = useQueryClient()
  const underWay = useRef(new Set<string>())
  const [ended, end] = useReducer((count: number) => count + 1, 0)
  const [error, setError] = useState<unknown>()
  // What was asked for before somebody tried again says nothing of how it goes now.
  const round = useRef(0)
  useEffect(() => {
    if (!rows || error) return
    const begun = round.current
    for (const page of unasked(rows, from, to)) {
      const block = `${rows.edition} ${page}`
      if (underWay.current.has(block)) continue
      if (underWay.current.size >= AT_ONCE) break
      underWay.current.add(block)
      askBlock(client, slug, filter, page)
        .catch((reason) => {
          if (round.current === begun) setError(reason)
        })
        .finally(() => {
          underWay.current.delete(block)
          end()
        })
    }
  }, [client, slug, filter, rows, from, to, error, ended])
  const retry = () => {
    round.current += 1
    setError(undefined)
  }
  return { error, retry }
}

/** Every finding of a list that is among the first so many. */
export async function gather(client: QueryClient, slug: string, filter: Filter, most: number): Promise<string[]> {
  const known = () => client.getQueryData<Rows>(listKey(slug, filter))
  for (;;) {
    const rows = known()
    const wanted = rows ? unasked(rows, 0, most - 1).slice(0, AT_ONCE) : []
    if (wanted.length === 0) return rows?.at.slice(0, most).flatMap((finding) => finding?.id ?? []) ?? []
    await Promise.all(wanted.map((page) => askBlock(client, slug, filter, page)))
  }
}

/** Values of a facet with how many findings each has, under the other parts of a filter; of those that have `search` in their name. */
export const valuesQuery = (slug: string, filter: Filter, facet: Facet, search: string) =>
  queryOptions({
    queryKey: ['findings', slug, 'values', facet, filter, search],
    queryFn: async () => {
      const query = { ...toQuery(filter), sort: undefined, search: search || undefined }
      const asked = api.GET('/vulnerabilities/facets/{facet}', { params: { path: { facet }, query: query as never } })
      return (await answer(asked)).values
    },
    placeholderData: keepPreviousData,
  })

/** The most that the API tells of the values of a facet. */
export const MOST_VALUES = 50

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
