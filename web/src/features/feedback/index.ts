import { GitPullRequest } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { useFound } from './palette'

const EVENTS = /^(pr:|comment:added$|scan:(queued|started|completed|failed|cancelled)$)/

export const feedback: Feature = {
  nav: [{ group: 'code', order: 30, label: 'Pull requests', path: 'pulls', icon: GitPullRequest, key: 'p' }],
  live: ({ event }, stale) => {
    if (EVENTS.test(event)) stale('pulls')
  },
  useFound,
}
