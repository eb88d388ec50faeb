import { FolderGit2, GitCommitHorizontal } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { useFound } from './palette'

export const forge: Feature = {
  nav: [
    { group: 'code', order: 20, label: 'Repositories', path: 'repositories', icon: FolderGit2, key: 'r' },
    { group: 'code', order: 50, label: 'Commits', path: 'commits', icon: GitCommitHorizontal, key: 'c' },
  ],
  useFound,
  live: ({ event }, stale) => {
    if (event.startsWith('repository:') || event === 'scan:completed' || event === 'scan:failed') {
      stale('repositories')
    }
    if (event === 'push:received' || event === 'scan:completed') stale('commits')
  },
}
