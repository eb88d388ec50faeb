import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

/** Rows of lists without numbers, at a time. */
export const AT_A_TIME = 50

/** What is asked block by block, each from where the last one ended. */
export function useOlder<Page extends { nextCursor?: string | null }>(
  queryKey: QueryKey,
  ask: (cursor: string | undefined) => Promise<Page>,
  refetchInterval?: number,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval,
  })
}
