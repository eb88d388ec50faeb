// The list that a finding was opened from: its filter is in the address.

import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { Button } from '@/ui/Button'
import { admits, type Filter, toQuery } from './filter'
import { type Detail, useFindings } from './queries'

/** Blocks in which a finding is looked for; who comes from further down has them already. */
const MOST_BLOCKS = 3

function useNeighbours(filter: Filter, finding: Detail) {
  const { slug } = useWorkspace()
  const list = useFindings(slug, filter)
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.vulnerabilities) ?? [], [list.data])
  const found = rows.findIndex(({ id }) => id === finding.id)
  const last = useRef(-1)
  useEffect(() => {
    if (found >= 0) last.current = found
  }, [found])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const isInSight = found >= 0 && found < rows.length - 1
  const mayBeFurther = found >= 0 || (last.current < 0 && mayList(filter, finding) && rows.length > 0)
  const blocks = list.data?.pages.length ?? 0
  useEffect(() => {
    const isWanted = !isInSight && mayBeFurther && (found >= 0 || blocks < MOST_BLOCKS)
    if (isWanted && hasNextPage && !isFetchingNextPage) fetchNextPage()
  }, [isInSight, mayBeFurther, found, blocks, hasNextPage, isFetchingNextPage, fetchNextPage])
  // What was decided about has left the list, and its neighbours have moved together.
  const at = found >= 0 ? found : last.current
  return {
    found,
    wasThere: at >= 0,
    total: list.data?.pages[0]?.total ?? 0,
    previous: at > 0 ? rows[at - 1]?.id : undefined,
    next: at < 0 ? undefined : rows[found >= 0 ? at + 1 : at]?.id,
  }
}

/** Whether a list of this filter may have it: what it cannot have is not looked for. */
function mayList(filter: Filter, finding: Detail): boolean {
  const { status, repositoryId } = toQuery(filter)
  return admits(status, finding.status) && (!repositoryId || repositoryId === finding.repositoryId)
}

/** "2 of 47", and the ways to the one before, the one after and back to the list. */
export function Neighbours({ filter, finding }: { filter: Filter; finding: Detail }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const { found, wasThere, total, previous, next } = useNeighbours(filter, finding)
  const to = (id: string) => ({
    to: '/w/$slug/findings/$id' as never,
    params: { slug, id } as never,
    // With the list's filter, without what was open on this page.
    search: filter as never,
  })
  const go = (id: string | undefined) => {
    if (id) navigate(to(id))
  }
  useKeys([
    { keys: 'j', label: 'Next finding', group: 'Finding', run: () => go(next) },
    { keys: 'k', label: 'Previous finding', group: 'Finding', run: () => go(previous) },
  ])
  const way = (id: string | undefined, label: string, sign: string, key: string) => {
    const content = (
      <>
        <span aria-hidden="true">{sign}</span>
        <span className="unseen">{label}</span> <kbd>{key}</kbd>
      </>
    )
    return id ? (
      <Link {...to(id)} className="button small quiet">
        {content}
      </Link>
    ) : (
      <Button small look="quiet" aria-disabled="true">
        {content}
      </Button>
    )
  }
  return (
    <nav className="row neighbours num no-print" aria-label="List">
      <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={filter as never} className="button small quiet">
        {found >= 0 ? `${number(found + 1)} of ${number(total)}` : wasThere ? `${number(total)} left` : 'All findings'}
      </Link>
      {wasThere && way(previous, 'Previous finding', '↑', 'k')}
      {wasThere && way(next, 'Next finding', '↓', 'j')}
    </nav>
  )
}
