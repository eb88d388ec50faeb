import { Link, Outlet } from '@tanstack/react-router'
import { useMe } from '@/api/session'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { ACCOUNT } from './places'

export function AccountFrame() {
  const me = useMe()
  return (
    <Page title="Account" about={me.email} narrow>
      <Tabs label="Account">
        {ACCOUNT.map(({ label, path }) => (
          <Link key={path} to={path}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
