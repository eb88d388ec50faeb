// Lists in the panel of a page: their faces, their rows, and the way to more of them.

import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { counted } from '@/lib/format'
import { Button } from './Button'
import { Failed, Loaded, SkeletonRows } from './faces'
import { Panel } from './Page'
import { Pager } from './Pager'

interface Paged {
  page: number
  perPage: number
  total: number
}

interface Props {
  title?: string
  rows?: number
  /** What is shown when there is nothing. */
  empty: ReactNode
}

/** A list by pages, counted. */
export function PagedList<Data extends Paged, Item>({
  query,
  of,
  title,
  rows,
  empty,
  children,
}: Props & {
  query: UseQueryResult<Data, Error>
  of: (data: Data) => Item[]
  children: (items: Item[]) => ReactNode
}) {
  return (
    <Panel title={title}>
      <Loaded query={query} rows={rows}>
        {(data) =>
          of(data).length === 0 ? (
            empty
          ) : (
            <>
              {children(of(data))}
              <Pager page={data.page} perPage={data.perPage} total={data.total} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** A list that goes on into the past, of which nobody knows how long it is. */
export function Older<Page, Item>({
  query,
  of,
  title,
  rows,
  empty,
  children,
}: Props & {
  query: UseInfiniteQueryResult<InfiniteData<Page>, Error>
  of: (page: Page) => Item[]
  children: (items: Item[]) => ReactNode
}) {
  const items = query.data?.pages.flatMap(of)
  return (
    <Panel title={title}>
      {query.isError && !items ? (
        <Failed error={query.error} retry={() => query.refetch()} />
      ) : !items ? (
        <SkeletonRows rows={rows} />
      ) : items.length === 0 ? (
        empty
      ) : (
        children(items)
      )}
      {query.hasNextPage && (
        <div className="panel-foot">
          <Button small busy={query.isFetchingNextPage && 'Loading…'} onClick={() => query.fetchNextPage()}>
            Older
          </Button>
        </div>
      )}
    </Panel>
  )
}

/** How many a list has, told when it changes. */
export function Count({ of, one, many }: { of: Paged | undefined; one: string; many?: string }) {
  return (
    <span className="muted num" role="status">
      {of && counted(of.total, one, many)}
    </span>
  )
}
