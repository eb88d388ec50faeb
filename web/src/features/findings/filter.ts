// What the list of findings is narrowed to; all of it is in the address.

import { SEVERITIES } from '@/ui/Severity'

export interface Filter {
  /** `critical,high`; with `!` before it, all others. */
  severity?: string
  status?: string
  repo?: string
  type?: string
  rule?: string
  cwe?: string
  /** Detected on this day or later, and before that one. */
  from?: string
  to?: string
  q?: string
  sort?: string
}

export const STATUSES: [string, string][] = [
  ['open', '○ Open'],
  ['fixed', '✓ Fixed'],
  ['ignored', '⊘ Ignored'],
  ['false_positive', '≠ False positive'],
]

/** Every status, as the address has it. */
export const ALL_STATUSES = STATUSES.map(([status]) => status).join(',')

export const ORDERS: [string, string][] = [
  ['-severity', 'worst first'],
  ['-risk', 'riskiest first'],
  ['-detectedAt', 'newest first'],
]

const FIELDS = ['severity', 'status', 'repo', 'type', 'rule', 'cwe', 'from', 'to', 'q', 'sort'] as const

/** What of an address is a filter: anybody can write an address. */
export function readFilter(search: object): Filter {
  const pairs = FIELDS.flatMap((field) => {
    const value = (search as Record<string, unknown>)[field]
    return typeof value === 'string' && value !== '' ? [[field, value] as const] : []
  })
  return Object.fromEntries(pairs)
}

/** As the API asks it. What nobody narrowed is open findings, the worst first. */
export function toQuery(filter: Filter) {
  const { repo, cwe, from, to, ...rest } = filter
  return {
    ...rest,
    status: filter.status ?? 'open',
    sort: filter.sort ?? '-severity',
    repositoryId: repo,
    cweId: cwe,
    from: moment(from),
    to: moment(to),
  }
}

/** A day begins at midnight UTC, as the figures of days do. */
function moment(day: string | undefined): string | undefined {
  return day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : day
}

/** Puts a value into a list of values, or takes it out. */
export function toggled(list: string | undefined, value: string): string | undefined {
  const values = list?.split(',').filter(Boolean) ?? []
  const now = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  // In the order of severities, so that one question has one address.
  now.sort((a, b) => SEVERITIES.indexOf(a as never) - SEVERITIES.indexOf(b as never))
  return now.join(',') || undefined
}

/** `sev:critical repo:api "exact words"` as it is typed. */
export function parseTyped(text: string): Filter {
  const filter: Filter = {}
  const rest = text.replace(/\b(sev|severity|status|rule|type):(\S+)/g, (_, field: string, value: string) => {
    filter[field === 'sev' ? 'severity' : (field as keyof Filter)] = value
    return ''
  })
  const words = rest.replace(/\s+/g, ' ').trim()
  if (words) filter.q = words
  return filter
}
