import { useQuery } from '@tanstack/react-query'
import { FolderGit2, GitCommitHorizontal } from 'lucide-react'
import { answer, api } from '@/api/client'
import { type Found, isWord, MOST_FOUND } from '@/lib/feature'
import { useSettled } from '@/lib/settled'

/** A commit by the first digits of its hash, repositories by their names. */
export function useFound(text: string, { slug }: { slug: string }): Found[] {
  const asked = useSettled(isWord(text) ? text : '')
  const query = { q: asked, limit: MOST_FOUND, sort: 'name' }
  const { data } = useQuery({
    queryKey: ['repositories', slug, query],
    queryFn: () => answer(api.GET('/repositories', { params: { query: query as never } })),
    enabled: asked !== '',
  })
  const commits = /^[0-9a-f]{7,40}$/i.test(text)
    ? [{ label: `Commit ${text.slice(0, 7)}`, icon: GitCommitHorizontal, path: `commits/${text.toLowerCase()}` }]
    : []
  const repositories = (asked ? (data?.repositories ?? []) : []).map((repository) => ({
    label: repository.fullName,
    about: 'repository',
    icon: FolderGit2,
    path: `repositories/${repository.id}`,
  }))
  return [...commits, ...repositories]
}
