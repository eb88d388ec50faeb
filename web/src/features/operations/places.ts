// The pages below the administration: its tabs, and what the palette finds.

import { ShieldCheck } from 'lucide-react'
import type { Subpage } from '@/lib/feature'

export const ADMINISTRATION: Subpage[] = [
  { label: 'Health', path: '/admin/health' },
  { label: 'Jobs', path: '/admin/jobs' },
  { label: 'Dead letters', path: '/admin/dead-letters' },
  { label: 'Schedules', path: '/admin/schedules' },
  { label: 'Backups', path: '/admin/backups' },
  { label: 'Settings', path: '/admin/settings' },
  { label: 'Users', path: '/admin/users' },
  { label: 'Invitations', path: '/admin/invitations' },
  { label: 'Audit log', path: '/admin/audit' },
].map((page) => ({ ...page, about: 'administration', icon: ShieldCheck, platformAdmin: true }))
