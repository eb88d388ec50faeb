import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'

export type Member = Schemas['MemberAnswer']

export interface MembersFilter {
  q?: string
  role?: string
  page?: number
}

export function membersQuery(id: string, filter: MembersFilter) {
  return queryOptions({
    queryKey: ['members', id, filter],
    queryFn: () =>
      answer(api.GET('/workspaces/{id}/members', { params: { path: { id }, query: { ...filter, limit: 100 } as never } })),
    placeholderData: (before) => before,
  })
}
