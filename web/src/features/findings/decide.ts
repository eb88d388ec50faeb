// Deciding on findings: at once on the page, and taken back by one key.

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { counted } from '@/lib/format'
import { toast } from '@/ui/toast'

export interface Decision {
  ids: string[]
  status: string
  reason?: string
}

/** What people choose from, the digit of each its place. */
export const REASONS = ['Accepted risk', 'Used in tests only', 'Mitigated elsewhere', 'Will not be fixed']

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
    mutationFn: async ({ ids, status, reason }: Decision) => {
      const blocks = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
        ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
      )
      const answers = []
      for (const block of blocks)
        answers.push(await answer(api.POST('/vulnerabilities/bulk-status', { body: { ids: block, status, reason } as never })))
      return {
        updated: answers.reduce((sum, one) => sum + one.updated, 0),
        failed: answers.flatMap((one) => one.failed),
        before: answers.flatMap((one) => one.before),
      }
    },
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
