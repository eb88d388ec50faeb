// What a chart shows, as data: the same for the picture, its table and what is read out.

import { number } from '@/lib/format'
import type { SeverityName } from '@/ui/Severity'

/** `stack`: areas on one another. `change`: what came upwards, what went downwards, the balance as a line. `line`: one measure. */
export type Kind = 'stack' | 'change' | 'line'

export interface Series {
  name: string
  /** Gives it its colour; ink where there is none. */
  severity?: SeverityName
  /** Where nothing is known there is a gap, not a zero. */
  values: (number | null)[]
}

export interface Plot {
  kind: Kind
  /** The first day of each point, `2026-11-21`. */
  dates: string[]
  series: Series[]
  /** The end of the scale, where it is not that of the values. */
  most?: number
  /** Values that a line is drawn at. */
  marks?: number[]
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** "21 Nov". */
export function dayOf(date: string): string {
  const at = new Date(date)
  return Number.isNaN(at.getTime()) ? date : day.format(at)
}

/** "21 Nov: Critical 12, High 40." */
export function told(plot: Plot, at: number): string {
  const parts = plot.series.map(({ name, values }) => `${name} ${value(values[at])}`)
  return `${dayOf(plot.dates[at] ?? '')}: ${parts.join(', ')}`
}

export function value(of: number | null | undefined): string {
  return of == null ? 'not known' : number(of)
}

/** With tabs between, for a sheet of numbers. */
export function asText(plot: Plot): string {
  const head = ['Date', ...plot.series.map(({ name }) => name)]
  const rows = plot.dates.map((date, at) => [date, ...plot.series.map(({ values }) => values[at] ?? '')])
  return [head, ...rows].map((row) => row.join('\t')).join('\n')
}

/** "fell from 249 to 234", for the sentence that names a chart. */
export function course(values: (number | null)[]): string {
  const known = values.filter((one) => one !== null)
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return 'is not known'
  if (first === last) return `stayed at ${number(last)}`
  return `${first < last ? 'rose' : 'fell'} from ${number(first)} to ${number(last)}`
}
