import { Link, Outlet } from '@tanstack/react-router'
import { useMe } from '@/api/session'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'

const TABS = [
  ['Profile', '/account/profile'],
  ['Password', '/account/password'],
  ['Second factor', '/account/second-factor'],
  ['Passkeys', '/account/passkeys'],
  ['Sessions', '/account/sessions'],
  ['API tokens', '/account/tokens'],
  ['Connections', '/account/connections'],
  ['Workspaces', '/account/workspaces'],
  ['Notifications', '/account/notifications'],
  ['Preferences', '/account/preferences'],
] as const

export function AccountFrame() {
  const me = useMe()
  return (
    <Page title="Account" about={me.email} narrow>
      <Tabs label="Account">
        {TABS.map(([label, to]) => (
          <Link key={to} to={to}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
