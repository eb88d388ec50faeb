import { Link, Outlet } from '@tanstack/react-router'
import { Page } from '@/ui/Page'
import { Tabs } from '@/ui/Tabs'

const TABS = [
  ['Health', '/admin/health'],
  ['Jobs', '/admin/jobs'],
  ['Dead letters', '/admin/dead-letters'],
  ['Schedules', '/admin/schedules'],
  ['Users', '/admin/users'],
  ['Invitations', '/admin/invitations'],
  ['Audit log', '/admin/audit'],
] as const

export function AdminFrame() {
  return (
    <Page title="Administration" about="Of the whole installation">
      <Tabs label="Administration">
        {TABS.map(([label, to]) => (
          <Link key={to} to={to} activeOptions={{ includeSearch: false }}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  )
}
