import { useQuery } from '@tanstack/react-query'
import { Bookmark, Bug } from 'lucide-react'
import { answer, api } from '@/api/client'
import { type Found, isWord, MOST_FOUND } from '@/lib/feature'
import { useSettled } from '@/lib/settled'
import { viewsQuery } from './views-query'

/** Saved views by their names; findings by rule, title or file, the worst first. */
export function useFound(text: string, { slug }: { slug: string }): Found[] {
  const asked = useSettled(isWord(text) ? text : '')
  const query = { q: asked, limit: MOST_FOUND, sort: '-severity' }
  const enabled = asked !== ''
  const views = useQuery({ ...viewsQuery(slug), enabled }).data?.views ?? []
  const { data } = useQuery({
    queryKey: ['findings', slug, 'palette', query],
    queryFn: () => answer(api.GET('/vulnerabilities', { params: { query: query as never } })),
    enabled,
  })
  if (!enabled) return []
  const named = views.filter(({ name }) => name.toLowerCase().includes(asked.toLowerCase()))
  return [
    ...named.map(({ name, filter }) => ({ label: name, about: 'view', icon: Bookmark, path: `findings?${filter}` })),
    ...(data?.vulnerabilities ?? []).map((finding) => ({
      label: `${finding.type} · ${finding.filePath.split('/').at(-1)}:${finding.lineNumber}`,
      about: finding.severity,
      icon: Bug,
      path: `findings/${finding.id}`,
    })),
  ]
}
