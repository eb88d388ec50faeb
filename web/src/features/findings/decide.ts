// Deciding on findings: at once on the page, and taken back by one key.

import { type QueryClient, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { counted } from '@/lib/format'
import { beginUndoable, toast } from '@/ui/toast'
import { admits, type Filter } from './filter'
import { findingQuery, LISTS } from './queries'
import { decided, type Rows } from './rows'

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
    for (const key of [LISTS, 'findings', 'finding']) client.invalidateQueries({ queryKey: [key] })
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
    onMutate: (decision) => shown(client, decision),
    onSuccess: ({ updated, failed, before }, { status }, { reasons }) => {
      const text = `${counted(updated, 'finding')} ${DONE[status] ?? status}${failed.length > 0 ? `, ${failed.length} could not be changed: ${failed[0]?.error}` : ''}`
      const undo = () => {
        for (const back of takenBack(before, reasons)) decide.mutate(back)
      }
      toast(text, before.length > 0 ? undo : undefined)
    },
    onError: (error, _, was) => {
      for (const [key, data] of was?.held ?? []) client.setQueryData(key, data)
      toast(said(error))
    },
    onSettled: (_, __, ___, was) => {
      was?.end()
      refresh()
    },
  })
  return decide
}

interface Before {
  /** What was shown, to be shown again when the server refuses. */
  held: [QueryKey, unknown][]
  /** Why they stood as they did, of those of which it is known. */
  reasons: Map<string, Partial<Why>>
  end: () => void
}

/**
 * A decision is seen at once: on the page of a finding, and in lists, which are left by what no longer matches. What the server says
 * afterwards is right in any case.
 */
function shown(client: QueryClient, { ids, status, reason, ignoredUntil }: Decision): Before {
  const held: Before['held'] = []
  const reasons: Before['reasons'] = new Map()
  const changed = new Set(ids)
  const show = (key: QueryKey, was: unknown, now: unknown) => {
    // An answer on its way would say what was before.
    client.cancelQueries({ queryKey: key, exact: true })
    held.push([key, was])
    client.setQueryData(key, now)
  }
  for (const id of ids) {
    const { queryKey } = findingQuery(id)
    const finding = client.getQueryData(queryKey)
    if (!finding) continue
    reasons.set(id, { reason: finding.statusReason ?? undefined, ignoredUntil: finding.ignoredUntil ?? undefined })
    show(queryKey, finding, { ...finding, status, statusReason: reason ?? null, ignoredUntil: ignoredUntil ?? null })
  }
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: [LISTS] })) {
    const filter = key[2] as Filter | undefined
    if (rows) show(key, rows, decided(rows, changed, status, admits(filter?.status ?? 'open', status)))
  }
  return { held, reasons, end: beginUndoable() }
}

/** What makes them stand as before, with the reasons that are known: those of one status and reason together. */
export function takenBack(before: Schemas['StatusBefore'][], reasons: Before['reasons']): Decision[] {
  const groups = new Map<string, Decision>()
  for (const { id, status } of before) {
    const known = status === 'open' ? undefined : reasons.get(id)
    const back = {
      status,
      reason: status === 'open' ? undefined : (known?.reason ?? 'Taken back'),
      ignoredUntil: status === 'ignored' ? known?.ignoredUntil : undefined,
    }
    const alike = JSON.stringify(back)
    const group = groups.get(alike) ?? { ids: [], ...back }
    group.ids.push(id)
    groups.set(alike, group)
  }
  return [...groups.values()]
}
