import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { short } from '@/lib/format'

export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: () => answer(api.GET('/notifications/unread-count')),
})

export function UnreadCount() {
  const count = useQuery(unreadQuery).data?.unreadCount ?? 0
  return count > 0 ? short(count) : null
}
