// What a page shows when it does not show its content: it loads, it is empty, it failed.

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { explain, Problem } from '@/api/problem'
import { Button, CopyButton } from './Button'

/** Bars in the place of what comes. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div className="late" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div className="skeleton-row" key={at}>
          <div className="skeleton" style={{ width: `${32 - ((at * 7) % 17)}%` }} />
          <div className="skeleton" style={{ width: `${18 - ((at * 5) % 9)}%` }} />
          <div className="skeleton" style={{ width: '10%', marginLeft: 'auto' }} />
        </div>
      ))}
    </div>
  )
}

/** Why there is nothing, and the one thing to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="face">
      <strong>{title}</strong>
      {children && <p className="reading">{children}</p>}
      {action}
    </div>
  )
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const said = explain(error)
  const id = error instanceof Problem ? error.requestId : undefined
  return (
    <div className="face" role="alert">
      <strong>{said.what}</strong>
      <p className="reading">{said.remedy}</p>
      <div className="row wrap">
        {retry && (
          <Button small onClick={retry}>
            Try again
          </Button>
        )}
        {id && (
          <span className="row caption">
            Request <code>{id.slice(0, 8)}</code>
            <CopyButton text={id} label="Copy the request's id" />
          </span>
        )}
      </div>
    </div>
  )
}

/** The content of a query, or its face. */
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<T, Error>
  rows?: number
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Failed error={query.error} retry={() => query.refetch()} />
  return <SkeletonRows rows={rows} />
}
