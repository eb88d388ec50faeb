// The pages below the settings and the account: their tabs, and what the palette finds.

import { Settings, UserRound } from 'lucide-react'
import type { Subpage } from '@/lib/feature'

/** What a role does not reach is not there: neither the tab nor the page. */
export const SETTINGS: Subpage[] = [
  { label: 'General', path: 'settings' },
  { label: 'Members', path: 'settings/members' },
  { label: 'Invitations', path: 'settings/invitations', role: 'admin' as const },
  { label: 'Security', path: 'settings/security', role: 'admin' as const },
  { label: 'Audit log', path: 'settings/audit', role: 'admin' as const },
  { label: 'Danger', path: 'settings/danger', role: 'owner' as const },
].map((page) => ({ ...page, about: 'workspace settings', icon: Settings }))

export const ACCOUNT: Subpage[] = [
  { label: 'Profile', path: '/account/profile' },
  { label: 'Password', path: '/account/password' },
  { label: 'Second factor', path: '/account/second-factor' },
  { label: 'Passkeys', path: '/account/passkeys' },
  { label: 'Sessions', path: '/account/sessions' },
  { label: 'API tokens', path: '/account/tokens' },
  { label: 'Connections', path: '/account/connections' },
  { label: 'Workspaces', path: '/account/workspaces' },
  { label: 'Notifications', path: '/account/notifications' },
  { label: 'Preferences', path: '/account/preferences' },
].map((page) => ({ ...page, about: 'account', icon: UserRound }))
