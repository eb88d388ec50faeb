import { useQuery } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { type Found, MOST_FOUND } from '@/lib/feature'
import { useSettled } from '@/lib/settled'
import { membersQuery } from './members-query'

/** `@ana`: people of the workspace. */
export function useFound(text: string, { id }: { id: string }): Found[] {
  const wanted = useSettled(/^@(.+)$/.exec(text)?.[1] ?? '')
  const { data } = useQuery({ ...membersQuery(id, { q: wanted }), enabled: wanted !== '' })
  if (!wanted) return []
  return (data?.members ?? []).slice(0, MOST_FOUND).map((member) => ({
    label: member.name ?? member.email,
    about: member.role,
    icon: UserRound,
    path: `settings/members?${new URLSearchParams({ q: member.email })}`,
  }))
}
