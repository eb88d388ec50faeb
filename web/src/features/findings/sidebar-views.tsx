import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWorkspace } from '@/api/session'
import { opened, viewsQuery } from './views-query'

/** Those that fit under an entry of the sidebar. */
const IN_SIDEBAR = 7

export function SidebarViews() {
  const { slug } = useWorkspace()
  const views = useQuery(viewsQuery(slug)).data?.views ?? []
  return views.slice(0, IN_SIDEBAR).map((view) => (
    <Link
      key={view.id}
      to={'/w/$slug/findings' as never}
      params={{ slug } as never}
      search={opened(view.filter) as never}
      className="nav-item nested"
      activeOptions={{ exact: true, includeSearch: true }}
    >
      <span className="clip">{view.name}</span>
    </Link>
  ))
}
