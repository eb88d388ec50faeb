import { FolderGit2, GitCommitHorizontal } from 'lucide-react'
import type { Feature } from '@/lib/feature'

export const forge: Feature = {
  nav: [
    { group: 'code', order: 20, label: 'Repositories', path: 'repositories', icon: FolderGit2, key: 'r' },
    { group: 'code', order: 50, label: 'Commits', path: 'commits', icon: GitCommitHorizontal, key: 'c' },
  ],
  // A hash, or its first digits.
  useFound: (text) =>
    /^[0-9a-f]{7,40}$/i.test(text)
      ? [{ label: `Commit ${text.slice(0, 7)}`, icon: GitCommitHorizontal, path: `commits/${text.toLowerCase()}` }]
      : [],
  live: ({ event }, client) => {
    if (event.startsWith('repository:') || event === 'scan:completed' || event === 'scan:failed') {
      client.invalidateQueries({ queryKey: ['repositories'] })
    }
    if (event === 'push:received' || event === 'scan:completed') client.invalidateQueries({ queryKey: ['commits'] })
  },
}
