import { useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { useMe, useWorkspace } from '@/api/session'

/** A name that changes is seen a little later. */
const FRESH_MS = 300_000

/** Who is behind an id. Members are asked for only where somebody else than the reader is meant. */
export function useNames(ids: (string | null | undefined)[]): (id: string) => string {
  const me = useMe()
  const { id: workspace } = useWorkspace()
  const members = useQuery({
    queryKey: ['members', workspace, 'names'],
    queryFn: () =>
      answer(api.GET('/workspaces/{id}/members', { params: { path: { id: workspace }, query: { limit: 100 } as never } })),
    enabled: ids.some((id) => id && id !== me.id),
    staleTime: FRESH_MS,
  }).data?.members
  return (id) => {
    if (id === me.id) return me.name ?? me.email
    const member = members?.find(({ userId }) => userId === id)
    // Who left, or is one of very many.
    return member?.name ?? member?.email ?? 'a person'
  }
}
