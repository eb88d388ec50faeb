import { useQuery } from '@tanstack/react-query'
import { GitPullRequest } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { recentQuery } from './queries'

const EVENTS = /^(pr:|comment:added$|scan:(queued|started|completed|failed|cancelled)$)/

export const feedback: Feature = {
  nav: [{ group: 'code', order: 30, label: 'Pull requests', path: 'pulls', icon: GitPullRequest, key: 'p' }],
  live: ({ event }, client) => {
    if (EVENTS.test(event)) client.invalidateQueries({ queryKey: ['pulls'] })
  },
  // `#12`: among the latest, by their numbers.
  useFound: (text, slug) => {
    const wanted = /^#(\d{1,9})$/.exec(text)?.[1]
    const { data } = useQuery({ ...recentQuery(slug), enabled: wanted !== undefined })
    if (!wanted) return []
    return (data?.pullRequests ?? [])
      .filter(({ prNumber }) => String(prNumber).startsWith(wanted))
      .sort((a, b) => a.prNumber - b.prNumber)
      .map((pull) => ({
        label: `#${pull.prNumber} ${pull.prTitle}`,
        about: pull.branch,
        icon: GitPullRequest,
        path: `pulls/${pull.id}`,
      }))
  },
}
