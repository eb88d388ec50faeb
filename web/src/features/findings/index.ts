import { Bug, LayoutDashboard } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { OpenCount } from './open-count'
import { useFound } from './palette'
import { SidebarViews } from './sidebar-views'

export const findings: Feature = {
  nav: [
    { group: 'main', order: 10, label: 'Overview', path: '', icon: LayoutDashboard, key: 'o' },
    { group: 'code', order: 10, label: 'Findings', path: 'findings', icon: Bug, key: 'f', Count: OpenCount, Below: SidebarViews },
  ],
  useFound,
  live: ({ event }, stale) => {
    if (event.startsWith('vulnerability:') || event === 'scan:completed') {
      stale('findings')
      stale('finding')
    }
  },
}
