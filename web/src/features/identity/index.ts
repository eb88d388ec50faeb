import { Settings, UserRound } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { useFound } from './palette'
import { ACCOUNT, SETTINGS } from './places'

export const identity: Feature = {
  nav: [
    { group: 'foot', order: 10, label: 'Workspace settings', path: 'settings', icon: Settings, key: 'w' },
    { group: 'foot', order: 30, label: 'Account', path: '/account', icon: UserRound, key: 'u' },
  ],
  pages: [...SETTINGS, ...ACCOUNT],
  useFound,
  live: ({ event }, stale) => {
    if (event.startsWith('member:')) stale('members')
    if (event === 'member:invited') stale('invitations')
    if (event.startsWith('workspace:') || event.startsWith('member:')) stale('me')
    if (event === 'user:login') stale('sessions')
  },
}
