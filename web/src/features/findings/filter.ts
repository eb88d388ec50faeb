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
  owasp?: string
  /** The whole path of a file. */
  path?: string
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

const FIELDS = ['severity', 'status', 'repo', 'type', 'rule', 'cwe', 'owasp', 'path', 'from', 'to', 'q', 'sort'] as const

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

/** Puts a value into a list of values, or takes it out. After "all but these" a value stands for itself. */
export function toggled(list: string | undefined, value: string): string | undefined {
  const values = isNegated(list) ? [] : (list?.split(',').filter(Boolean) ?? [])
  const now = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  // In the order of severities, so that one question has one address.
  now.sort((a, b) => SEVERITIES.indexOf(a as never) - SEVERITIES.indexOf(b as never))
  return now.join(',') || undefined
}

/** `!info`: all others. */
export function isNegated(list: string | undefined): boolean {
  return list?.startsWith('!') ?? false
}

/** The parts that narrow a list, as people say them. */
export const PARTS: Record<Exclude<keyof Filter, 'sort'>, string> = {
  severity: 'severity is',
  status: 'status is',
  repo: 'repository is',
  type: 'type is',
  rule: 'rule is',
  cwe: 'weakness is',
  owasp: 'OWASP is',
  path: 'file is',
  from: 'found since',
  to: 'found before',
  q: 'text has',
}

export type Part = keyof typeof PARTS

/** What of a filter narrows, in one order. */
export function partsOf(filter: Filter): Part[] {
  return (Object.keys(PARTS) as Part[]).filter((part) => filter[part])
}

/** "severity is critical or high", "status is not fixed"; `named` says what an id stands for. */
export function phrase(part: Part, value: string, named: (id: string) => string): string {
  const isNot = isNegated(value)
  const bare = isNot ? value.slice(1) : value
  const said =
    part === 'repo'
      ? named(bare)
      : part === 'q'
        ? `“${bare}”`
        : isChoice(part)
          ? bare.replaceAll('_', ' ').split(',').join(' or ')
          : bare
  return `${PARTS[part]}${isNot ? ' not' : ''} ${said}`
}

/** Of these several may be chosen, or all but some. */
export function isChoice(part: Part): part is 'severity' | 'status' {
  return part === 'severity' || part === 'status'
}

/** Whether a list of values, or of all but some, has this one. */
export function admits(list: string, value: string): boolean {
  return list.replace('!', '').split(',').includes(value) !== isNegated(list)
}

export interface Typed {
  /** What was written to its end, with a space after it. */
  filter: Filter
  /** What stays in the field. */
  rest: string
  /** What of that is looked for as words. */
  words: string | undefined
}

const PART = /(?<=^|\s)(-?)(sev|severity|status|repo|rule|type|cwe):("[^"]*"|\S*)(?=\s|$)/g

/**
 * `sev:critical -status:fixed repo:api "exact words"` as it is typed. A part is taken when a space follows it and it is known; until
 * then it stands in the field and is not asked for, so that nothing is asked for half a word.
 */
export function readTyped(text: string, repositories: (name: string) => string | undefined): Typed {
  const filter: Filter = {}
  const known = (list: string, values: string[]) => {
    const wanted = list.replace(/^!/, '').toLowerCase()
    return wanted.split(',').every((one) => values.includes(one)) ? wanted : undefined
  }
  const take = (name: string, value: string, not: boolean): boolean => {
    const negated = not || value.startsWith('!') ? '!' : ''
    const bare = value.replace(/^"|"$/g, '')
    const set = (field: keyof Filter, found: string | undefined) => {
      if (found) filter[field] = found
      return Boolean(found)
    }
    if (name.startsWith('sev')) {
      const found = known(bare, SEVERITIES)
      return set('severity', found && negated + found)
    }
    if (name === 'status') {
      const found = known(
        bare,
        STATUSES.map(([status]) => status),
      )
      return set('status', found && negated + found)
    }
    // Of these there is no "all but".
    if (not) return false
    return set(name as 'repo', name === 'repo' ? repositories(bare) : bare)
  }
  const rest = text.replace(PART, (part, minus: string, name: string, value: string, at: number) => {
    const isOver = /\s/.test(text.charAt(at + part.length))
    return isOver && take(name, value, minus === '-') ? '' : part
  })
  const tidy = (left: string) => left.replace(/\s+/g, ' ').trimStart()
  return { filter, rest: tidy(rest), words: tidy(rest.replace(PART, '')).replaceAll('"', '').trim() || undefined }
}
