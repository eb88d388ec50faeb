import { Link, useMatches, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Workspace } from '@/api/session'
import { middle } from '@/lib/format'
import { plain, visible } from '@/ui/code/Text'
import { usePageName } from '@/ui/page-name'

/** Letters of a name; its middle goes first. */
const MOST = 48

/** What of an address is about the page of one object, and not about the list that it was opened from. */
const OF_OBJECT = ['step', 'tab', 'state', 'repositoryId']

interface Crumb {
  label: string
  to: string
  /** The list as it was narrowed. */
  search?: Record<string, unknown>
}

/** Where one is, from the workspace down. An object has the name that its page says. */
function useCrumbs(): Crumb[] {
  const matches = useMatches()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const { title, alone } = usePageName()
  if (alone) return [{ label: title, to: '' }]
  const kept = Object.fromEntries(Object.entries(search).filter(([name]) => !OF_OBJECT.includes(name)))
  return matches.flatMap((match, index) => {
    const [first, object] = match.staticData.crumb?.split(' / ') ?? []
    if (first === undefined) return []
    const here = match.pathname.replace(/\/$/, '')
    if (object === undefined) return [{ label: first, to: here }]
    // The list is one step above, and its filter is in the address of what it opened.
    const isPage = index === matches.length - 1
    const list = { label: first, to: here.slice(0, here.lastIndexOf('/')), search: isPage ? kept : undefined }
    return [list, { label: title || object, to: here }]
  })
}

export function Crumbs({ workspace }: { workspace: Workspace | undefined }) {
  const matches = useMatches()
  const crumbs = useCrumbs()
  const { title } = usePageName()
  const at = matches.some((match) => match.routeId.includes('/w/$slug')) ? workspace : undefined
  const labels = crumbs.length > 0 ? crumbs.map(({ label }) => label).reverse() : [title]
  const whole = [...labels, at?.name ?? 'Rampart'].join(' · ')
  useEffect(() => {
    document.title = plain(whole)
  }, [whole])
  return (
    <nav aria-label="Breadcrumb" className="grow">
      <ol className="crumbs">
        {at && (
          <li>
            <Link to="/w/$slug" params={{ slug: at.slug }} title={plain(at.name)} activeOptions={{ exact: true }}>
              {visible(middle(at.name, MOST))}
            </Link>
          </li>
        )}
        {crumbs.map(({ label, to, search }, index) => (
          <li key={to} aria-current={index === crumbs.length - 1 ? 'page' : undefined} title={plain(label)}>
            {index === crumbs.length - 1 ? (
              <span>{visible(middle(label, MOST))}</span>
            ) : (
              <Link to={to} search={(search ?? {}) as never} activeOptions={{ exact: true }}>
                {visible(middle(label, MOST))}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
