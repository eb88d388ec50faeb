// Deciding on findings: at once on the page, and taken back by one key.

import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { counted } from '@/lib/format'
import { toast } from '@/ui/toast'
import type { Filter } from './filter'

/** What needs a reason. */
export type Dismissal = 'ignored' | 'false_positive'

export interface Why {
  reason: string
  /** Of what is ignored: open again then. */
  ignoredUntil?: string
}

export interface Decision extends Partial<Why> {
  ids: string[]
  status: string
}

/** What people choose from, the digit of each its place: why a true finding is left, and why one is not true. */
export const REASONS: Record<Dismissal, string[]> = {
  ignored: ['Accepted risk', 'Used in tests only', 'Mitigated elsewhere', 'Will not be fixed'],
  false_positive: [
    'The value is not an attacker’s',
    'Checked or escaped before',
    'The code never runs',
    'The rule is wrong here',
  ],
}

const DONE: Record<string, string> = {
  ignored: 'ignored',
  false_positive: 'marked as false positive',
  open: 'open again',
  fixed: 'marked as fixed',
}

/** The most that the API changes at a time. */
const AT_ONCE = 200

export function useDecide() {
  const client = useQueryClient()
  const refresh = () => {
    client.invalidateQueries({ queryKey: ['findings'] })
    client.invalidateQueries({ queryKey: ['finding'] })
  }
  const decide = useMutation({
    mutationFn: async ({ ids, ...decision }: Decision) => {
      const blocks = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
        ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
      )
      const answers = []
      for (const block of blocks)
        answers.push(await answer(api.POST('/vulnerabilities/bulk-status', { body: { ids: block, ...decision } as never })))
      return {
        updated: answers.reduce((sum, one) => sum + one.updated, 0),
        failed: answers.flatMap((one) => one.failed),
        before: answers.flatMap((one) => one.before),
      }
    },
    onMutate: (decision) => leave(client, decision),
    onSuccess: ({ updated, failed, before }, { status }) => {
      const text = `${counted(updated, 'finding')} ${DONE[status] ?? status}${failed.length > 0 ? `, ${failed.length} could not be changed: ${failed[0]?.error}` : ''}`
      const undo = () => {
        for (const was of new Set(before.map((one) => one.status))) {
          const ids = before.filter((one) => one.status === was).map((one) => one.id)
          decide.mutate({ ids, status: was, reason: was === 'open' ? undefined : 'Taken back' })
        }
      }
      toast(text, before.length > 0 ? undo : undefined)
    },
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return decide
}

type List = InfiniteData<Schemas['VulnerabilityList']>

/** What no longer matches a list leaves it at once; what the server says afterwards is right in any case. */
function leave(client: QueryClient, { ids, status }: Decision) {
  const gone = new Set(ids)
  for (const [key, list] of client.getQueriesData<List>({ queryKey: ['findings'] })) {
    const filter = key[2] as Filter | undefined
    const statuses = (filter?.status ?? 'open').split(',')
    if (!Array.isArray(list?.pages) || statuses.includes(status)) continue
    let left = 0
    const pages = list.pages.map((page) => {
      const vulnerabilities = page.vulnerabilities.filter(({ id }) => !gone.has(id))
      left += page.vulnerabilities.length - vulnerabilities.length
      return { ...page, vulnerabilities }
    })
    client.setQueryData<List>(key, { ...list, pages: pages.map((page) => ({ ...page, total: page.total - left })) })
  }
}
