// The list that a finding was opened from: its filter is in the address.

import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { Button } from '@/ui/Button'
import { admits, type Filter, toQuery } from './filter'
import { type Detail, useBlocks, useFindings } from './queries'
import { placeOf } from './rows'

/** Places among which a finding is looked for; who comes from further down has its block already. */
const LOOKED_AT = 300

function useNeighbours(filter: Filter, finding: Detail) {
  const { slug } = useWorkspace()
  const { data, isPlaceholderData } = useFindings(slug, filter)
  const rows = isPlaceholderData ? undefined : data
  const found = useMemo(() => (rows ? placeOf(rows, finding.id) : -1), [rows, finding.id])
  const last = useRef(-1)
  useEffect(() => {
    if (found >= 0) last.current = found
  }, [found])
  // What was decided about has left the list, and its neighbours have moved together.
  const at = found >= 0 ? found : last.current
  const isSought = at < 0 && mayList(filter, finding)
  useBlocks(slug, filter, at >= 0 || isSought ? rows : undefined, Math.max(0, at - 1), at >= 0 ? at + 1 : LOOKED_AT - 1)
  return {
    found,
    wasThere: at >= 0,
    total: rows?.at.length ?? 0,
    previous: rows?.at[at - 1]?.id,
    next: at < 0 ? undefined : rows?.at[found >= 0 ? at + 1 : at]?.id,
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
