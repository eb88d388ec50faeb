import { Link, Outlet } from '@tanstack/react-router'
import { useMay, useWorkspace } from '@/api/session'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'

/** The frame of a workspace's settings. What the role never allows is absent. */
export function SettingsFrame() {
  const { slug, name } = useWorkspace()
  const isAdmin = useMay('admin')
  const isOwner = useMay('owner')
  const tabs = [
    ['General', '/w/$slug/settings', true],
    ['Members', '/w/$slug/settings/members', true],
    ['Invitations', '/w/$slug/settings/invitations', isAdmin],
    ['Security', '/w/$slug/settings/security', isAdmin],
    ['Audit log', '/w/$slug/settings/audit', isAdmin],
    ['Danger', '/w/$slug/settings/danger', isOwner],
  ] as const
  return (
    <Page title="Workspace settings" about={name}>
      <Tabs label="Settings">
        {tabs
          .filter(([, , shown]) => shown)
          .map(([label, to]) => (
            <Link key={to} to={to} params={{ slug }} activeOptions={{ exact: true, includeSearch: false }}>
              {label}
            </Link>
          ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
