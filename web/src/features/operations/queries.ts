import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'

export const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: () => answer(api.GET('/admin/queues')),
  // Jobs are not told over sockets.
  refetchInterval: 15_000,
})
