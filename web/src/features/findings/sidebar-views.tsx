import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWorkspace } from '@/api/session'
import { opened, viewsQuery } from './views-query'

/** Those that fit under an entry of the sidebar. */
const IN_SIDEBAR = 7

export function SidebarViews() {
  const { slug } = useWorkspace()
  const views = useQuery(viewsQuery(slug)).data?.views ?? []
  const link = (key: string, name: string, search: object) => (
    <Link
      key={key}
      to={'/w/$slug/findings' as never}
      params={{ slug } as never}
      search={search as never}
      className="nav-item nested"
      activeOptions={{ exact: true, includeSearch: true }}
    >
      <span className="clip">{name}</span>
    </Link>
  )
  return (
    <>
      {views.slice(0, IN_SIDEBAR).map((view) => link(view.id, view.name, opened(view.filter)))}
      {views.length > IN_SIDEBAR && link('all', 'All views', { views: 'all' })}
    </>
  )
}
