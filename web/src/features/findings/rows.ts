// What is known of a list of findings, by place: the one shape of its cache, and all that changes it.

import { replaceEqualDeep } from '@tanstack/react-query'
import type { Schemas } from '@/api/client'

export type Summary = Schemas['VulnerabilitySummary']
export type Answer = Schemas['VulnerabilityList']

/** Rows that are asked for at a time: the most the API gives. */
export const BLOCK = 100

/** The server counts no further where more than severity and status is asked for, and a moment is more. */
export const COUNTED_TO = 10_000

export interface Rows {
  /** The moment that the list is of, so that its blocks fit together; nothing once it is to be asked for as it is now. */
  asOf: string | undefined
  facets: Answer['facets']
  /** As many as match; nothing at a place that nobody has asked for. */
  at: readonly (Summary | undefined)[]
  /** Blocks that were asked for since the first. At the places of others may stand what was there before. */
  asked: ReadonlySet<number>
  /** Raised when findings change their places: what was asked for before that belongs somewhere else. */
  edition: number
}

/** The list as its first block tells it. What was known of others is shown until they are asked for again. */
export function begun(first: Answer, before: Rows | undefined): Rows {
  const begin = {
    asOf: before?.asOf ?? first.asOf,
    facets: first.facets,
    at: before?.at ?? [],
    asked: new Set<number>(),
    edition: (before?.edition ?? 0) + 1,
  }
  return withBlock(begin, first)
}

export function withBlock(rows: Rows, { page, total, vulnerabilities }: Answer): Rows {
  const from = (page - 1) * BLOCK
  const isLast = vulnerabilities.length < BLOCK
  const length = isLast ? from + vulnerabilities.length : total === COUNTED_TO ? Math.max(total, rows.at.length) : total
  const at = Array.from({ length }, (_, place) => rows.at[place])
  // What is as it was stays the same object, and is not drawn anew.
  for (const [index, finding] of vulnerabilities.entries()) at[from + index] = replaceEqualDeep(rows.at[from + index], finding)
  return { ...rows, at, asked: new Set(rows.asked).add(page) }
}

/** With other statuses, or without them where the list is not of findings of that status. */
export function decided(rows: Rows, ids: ReadonlySet<string>, status: string, stays: boolean): Rows {
  const at = stays
    ? rows.at.map((finding) => (finding && ids.has(finding.id) ? { ...finding, status } : finding))
    : rows.at.filter((finding) => !finding || !ids.has(finding.id))
  return { ...rows, at, edition: rows.edition + 1 }
}

/** Blocks of these places, both ends included, that were not asked for. */
export function unasked(rows: Rows, from: number, to: number): number[] {
  const last = Math.min(to, rows.at.length - 1)
  const pages = []
  for (let page = pageOf(Math.max(0, from)); page <= pageOf(last); page += 1) if (!rows.asked.has(page)) pages.push(page)
  return pages
}

function pageOf(place: number): number {
  return Math.floor(place / BLOCK) + 1
}

/** -1 where it is not, or not known to be. */
export function placeOf(rows: Rows, id: string): number {
  return rows.at.findIndex((finding) => finding?.id === id)
}
