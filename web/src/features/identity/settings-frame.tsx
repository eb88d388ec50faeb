import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useWorkspace } from '@/api/session'
import { reaches } from '@/lib/feature'
import { NotFound } from '@/ui/NotFound'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { SETTINGS } from './places'

/** The frame of a workspace's settings. What the role never allows is absent. */
export function SettingsFrame() {
  const { slug, name, role } = useWorkspace()
  const here = useLocation({ select: ({ pathname }) => pathname.replace(/\/$/, '') })
  const pages = SETTINGS.filter((page) => !page.role || reaches(role, page.role))
  if (!pages.some(({ path }) => here.endsWith(`/w/${slug}/${path}`))) return <NotFound />
  return (
    <Page title="Workspace settings" about={name}>
      <Tabs label="Settings">
        {pages.map(({ label, path }) => (
          <Link
            key={path}
            to={`/w/$slug/${path}` as never}
            params={{ slug } as never}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
