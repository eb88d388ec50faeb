// What the API calls by a word of its own, as people say it.

import { counted, number, words } from '@/lib/format'

const TRIGGERS: Record<string, string> = {
  api: 'first scan',
  import: 'imported',
  manual: 'started by hand',
  pull_request: 'for a pull request',
  scheduled: 'on schedule',
  webhook: 'after a push',
}

/** What a scan was begun by. */
export function trigger(name: string): string {
  return TRIGGERS[name] ?? words(name).toLowerCase()
}

/** How much a scan looks at. */
export function extent(mode: string): string {
  return mode === 'incremental' ? 'what changed' : 'the whole repository'
}

export const PHASES = [
  ['fetch', 'Fetch'],
  ['static', 'Analyse'],
  ['save', 'Save'],
] as const

/** Where each phase ends, in percent, as the server counts. */
const ENDS = [10, 90]

/** The place in `PHASES` of what is under way, or of where it ended. */
export function phaseAt(progress: number, phase?: string): number {
  const told = PHASES.findIndex(([name]) => name === phase)
  return told >= 0 ? told : ENDS.filter((end) => progress >= end).length
}

const TASKS: Record<string, string> = {
  static: 'Analysis of the code',
  dynamic: 'Running the code',
  graph: 'Graph of the code',
  ai: 'Reading by a model',
}

/** A part of a scan; what this program finds itself needs no name of a tool. */
export function task(type: string, tool: string): string {
  const kind = TASKS[type] ?? words(type)
  return tool === 'native' ? kind : `${kind}, ${tool}`
}

export interface Coverage {
  /** Of all files, those that were read. */
  read: number
  all: number
  partly: number
  isComplete: boolean
  limits: string[]
}

/** What a task says it has looked at; nothing where it says nothing, as imports do. */
export function coverage(result: unknown): Coverage | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const { filesScanned, filesSkipped, filesPartlyUnderstood, complete, limits } = result as Record<string, unknown>
  if (typeof filesScanned !== 'number' || typeof filesSkipped !== 'number') return undefined
  return {
    read: filesScanned,
    all: filesScanned + filesSkipped,
    partly: Number(filesPartlyUnderstood) || 0,
    isComplete: complete !== false,
    limits: Array.isArray(limits) ? limits.filter((limit) => typeof limit === 'string') : [],
  }
}

/** "18 of 20 files were read; 2 skipped, 1 understood only in part." */
export function covered({ read, all, partly }: Coverage): string {
  const skipped = all - read
  const missing = [skipped > 0 && `${number(skipped)} skipped`, partly > 0 && `${number(partly)} understood only in part`]
  const whole = skipped > 0 ? `${number(read)} of ${counted(all, 'file')} were read` : `All files were read, ${number(all)}`
  return [whole, missing.filter(Boolean).join(', ')].filter(Boolean).join('; ')
}
