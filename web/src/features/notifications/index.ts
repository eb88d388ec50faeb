import { Bell } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { UnreadCount } from './unread'

export const notifications: Feature = {
  nav: [{ group: 'main', order: 20, label: 'Notifications', path: 'notifications', icon: Bell, key: 'n', Count: UnreadCount }],
  live: ({ event }, stale) => {
    if (event.startsWith('notification:')) stale('notifications')
  },
}
