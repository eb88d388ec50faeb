import { Link, Outlet } from '@tanstack/react-router'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'
import { ADMINISTRATION } from './places'

export function AdminFrame() {
  return (
    <Page title="Administration" about="Of the whole installation">
      <Tabs label="Administration">
        {ADMINISTRATION.map(({ label, path }) => (
          <Link key={path} to={path} activeOptions={{ includeSearch: false }}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
