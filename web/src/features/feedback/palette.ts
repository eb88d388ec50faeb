import { useQuery } from '@tanstack/react-query'
import { GitPullRequest } from 'lucide-react'
import { type Found, MOST_FOUND } from '@/lib/feature'
import { useSettled } from '@/lib/settled'
import { pullsQuery, recentQuery } from './queries'

/** `#12`: of the latest pull requests those whose number begins so, and all of exactly this number. */
export function useFound(text: string, { slug }: { slug: string }): Found[] {
  const wanted = /^#(\d{1,9})$/.exec(text)?.[1] ?? ''
  const number = Number(useSettled(wanted))
  const recent = useQuery({ ...recentQuery(slug), enabled: wanted !== '' }).data?.pullRequests ?? []
  const exact = useQuery({ ...pullsQuery(slug, { state: 'all', number }, MOST_FOUND), enabled: number > 0 }).data?.pullRequests
  if (!wanted) return []
  const begun = recent.filter(({ prNumber }) => String(prNumber).startsWith(wanted))
  const known = begun.toSorted((a, b) => a.prNumber - b.prNumber).slice(0, MOST_FOUND)
  const others = (exact ?? []).filter(({ id, prNumber }) => prNumber === number && known.every((one) => one.id !== id))
  return [...known, ...others].map((pull) => ({
    label: `#${pull.prNumber} ${pull.prTitle}`,
    about: pull.branch,
    icon: GitPullRequest,
    path: `pulls/${pull.id}`,
  }))
}
