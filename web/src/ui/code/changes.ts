// What a reader of a change sees: which line stands for which, which words of it changed, and what was left out in between.

import type { Schemas } from '@/api/client'
import type { Piece } from './colours'

type File = Schemas['DiffFile']
type Hunk = Schemas['DiffHunk']

/** From a letter to before another. */
export type Range = readonly [from: number, to: number]

/** A line as one side has it. */
export interface Side {
  number: number
  text: string
  /** Letters that the other side has not. */
  marks: Range[]
  /** It goes on. */
  cut?: boolean
  /** The file ends with it, and it with nothing. */
  noNewline?: boolean
}

/** A line of either side, or both of one that stays or has its counterpart. */
export interface Row {
  old?: Side
  new?: Side
}

/** Rows that belong together. */
export interface Block {
  /** The number of the change in its file, from 0; nothing for what stays. */
  change?: number
  /** The change began in the block before. */
  goesOn?: boolean
  rows: Row[]
}

/** Lines that stay and are not shown. */
export interface Gap {
  /** The first of them, on either side. */
  old: number
  new: number
  /** Nothing while nobody knows where the file ends. */
  lines?: number
}

/** How many lines of a gap are shown at its beginning and at its end. */
export interface Opened {
  top: number
  bottom: number
}

export type Item = { block: Block } | { fold: number; gap: Gap }

/** Lines that unfold at a time. */
export const STEP = 20

/** Lines that git shows around a change. */
const AROUND = 3

/** Rows that are drawn together. */
const TOGETHER = 200

/** Two lines are versions of one when they have so much in common, from 0 to 1. */
const ALIKE = 0.5

/** Comparisons of a block, of lines and of words: what is larger was rewritten, or by a program. */
const MOST_PAIRS = 10_000
const MOST_WORDS = 100_000

/** A file as it is shown, from its first line to its last, as far as they are known. */
export function items(file: File, opened: ReadonlyMap<number, Opened>, whole?: string[]): Item[] {
  const hunks = withoutReturns(file.hunks ?? [])
  const found: Item[] = []
  let change = 0
  gaps(file, whole?.length).forEach((gap, at) => {
    if (gap) found.push(...unfolded(gap, at, opened.get(at), whole))
    for (const block of blocks(hunks[at], change)) {
      if (block.change !== undefined) change = block.change + 1
      found.push({ block })
    }
  })
  return found
}

/** Where every line ends so that is how the file is written; where only some do it is a change, and shown. */
function withoutReturns(hunks: Hunk[]): Hunk[] {
  const isWindows = hunks.every(({ lines }) => lines.every(({ text, cut, noNewline }) => cut || noNewline || text.endsWith('\r')))
  if (!isWindows) return hunks
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map((line) => ({ ...line, text: line.text.replace(/\r$/, '') })) }))
}

/** How many changes a file has: runs of lines that do not stay. */
export function changes(file: File): number {
  const begins = (hunk: Hunk) =>
    hunk.lines.filter(({ kind }, at) => kind !== 'context' && (hunk.lines[at - 1]?.kind ?? 'context') === 'context').length
  return (file.hunks ?? []).reduce((sum, hunk) => sum + begins(hunk), 0)
}

/** What lies before each hunk and after the last; nothing where nothing does. */
function gaps(file: File, total: number | undefined): (Gap | undefined)[] {
  const hunks = file.hunks ?? []
  // Of the others every line is shown.
  if (hunks.length === 0 || file.status === 'added' || file.status === 'removed') return hunks.map(() => undefined)
  const before = hunks.map((hunk, at) => {
    const from = after(hunks[at - 1])
    const lines = starts(hunk).new - from.new
    return lines > 0 ? { ...from, lines } : undefined
  })
  const last = hunks.at(-1)
  const end = after(last)
  const trailing = last ? last.lines.length - 1 - last.lines.findLastIndex(({ kind }) => kind !== 'context') : 0
  if (total === undefined) return [...before, trailing < AROUND ? undefined : end]
  return [...before, total >= end.new ? { ...end, lines: total - end.new + 1 } : undefined]
}

/** Where there are no lines, the one before is named. */
function starts({ oldStart, oldLines, newStart, newLines }: Hunk) {
  return { old: oldLines === 0 ? oldStart + 1 : oldStart, new: newLines === 0 ? newStart + 1 : newStart }
}

function after(hunk: Hunk | undefined): Gap {
  if (!hunk) return { old: 1, new: 1 }
  const from = starts(hunk)
  return { old: from.old + hunk.oldLines, new: from.new + hunk.newLines }
}

function unfolded(gap: Gap, at: number, opened: Opened | undefined, whole: string[] | undefined): Item[] {
  const { lines } = gap
  if (!opened || !whole || lines === undefined) return [{ fold: at, gap }]
  const top = Math.min(opened.top, lines)
  const bottom = Math.min(opened.bottom, lines - top)
  const left = lines - top - bottom
  const same = (from: number, count: number): Item[] => {
    const rows = Array.from({ length: count }, (_, index) => {
      const text = whole[gap.new + from + index - 1] ?? ''
      return stays(gap.old + from + index, gap.new + from + index, text)
    })
    return count > 0 ? [{ block: { rows } }] : []
  }
  const fold: Item[] = left > 0 ? [{ fold: at, gap: { old: gap.old + top, new: gap.new + top, lines: left } }] : []
  return [...same(0, top), ...fold, ...same(lines - bottom, bottom)]
}

function stays(old: number, of: number, text: string, rest: Partial<Side> = {}): Row {
  return { old: { number: old, text, marks: [], ...rest }, new: { number: of, text, marks: [], ...rest } }
}

/** The lines of a hunk, what stays and what changes by turns; long ones in parts. */
function blocks(hunk: Hunk | undefined, first: number): Block[] {
  if (!hunk) return []
  const found: Block[] = []
  let { old, new: of } = starts(hunk)
  let change = first
  let same: Row[] = []
  let [gone, come]: [Side[], Side[]] = [[], []]
  const add = (rows: Row[], number?: number) => {
    for (let at = 0; at < rows.length; at += TOGETHER)
      found.push({ change: number, goesOn: at > 0, rows: rows.slice(at, at + TOGETHER) })
  }
  const flush = () => {
    add(same)
    if (gone.length + come.length > 0) add(paired(gone, come), change++)
    same = []
    gone = []
    come = []
  }
  for (const { kind, text, ...rest } of hunk.lines) {
    if (kind === 'context') {
      if (gone.length + come.length > 0) flush()
      same.push(stays(old++, of++, text, rest))
    } else {
      if (same.length > 0) flush()
      if (kind === 'removed') gone.push({ number: old++, text, marks: [], ...rest })
      else come.push({ number: of++, text, marks: [], ...rest })
    }
  }
  flush()
  return found
}

/** Lines that are versions of one another side by side, with the words marked that differ; the rest in order between them. */
export function paired(gone: Side[], come: Side[]): Row[] {
  const rows: Row[] = []
  let [i, j] = [0, 0]
  const fill = (toOld: number, toNew: number) => {
    while (i < toOld || j < toNew) {
      rows.push({ old: i < toOld ? gone[i++] : undefined, new: j < toNew ? come[j++] : undefined })
    }
  }
  for (const [atOld, atNew] of versions(
    gone.map(({ text }) => text),
    come.map(({ text }) => text),
  )) {
    fill(atOld, atNew)
    const [was, is] = [gone[i++], come[j++]]
    if (!was || !is) break
    const [ofOld, ofNew] = words(was.text, is.text)
    rows.push({ old: { ...was, marks: ofOld }, new: { ...is, marks: ofNew } })
  }
  fill(gone.length, come.length)
  return rows
}

/** Which lines are versions of which: in order, and as alike as can be in all. */
function versions(gone: string[], come: string[]): [number, number][] {
  if (gone.length * come.length === 0 || gone.length * come.length > MOST_PAIRS) return []
  const [bagsOld, bagsNew] = [gone.map(bag), come.map(bag)]
  const alike = bagsOld.map((one) => bagsNew.map((other) => likeness(one, other)))
  // best[i][j]: of what comes from i and j on.
  const best = Array.from({ length: gone.length + 1 }, () => new Float64Array(come.length + 1))
  const at = (i: number, j: number) => best[i]?.[j] ?? 0
  const together = (i: number, j: number) => {
    const much = alike[i]?.[j] ?? 0
    return much >= ALIKE ? much + at(i + 1, j + 1) : 0
  }
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      const row = best[i]
      if (row) row[j] = Math.max(together(i, j), at(i + 1, j), at(i, j + 1))
    }
  }
  const found: [number, number][] = []
  for (let [i, j] = [0, 0]; i < gone.length && j < come.length; ) {
    if (together(i, j) > 0 && at(i, j) === together(i, j)) found.push([i++, j++])
    else if (at(i, j) === at(i + 1, j)) i += 1
    else j += 1
  }
  return found
}

/** How often each word is in a line. */
function bag(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)) found.set(word, (found.get(word) ?? 0) + 1)
  return found
}

/** What two have in common, of all that they have (Dice's coefficient). */
function likeness(one: Map<string, number>, other: Map<string, number>): number {
  let [common, all] = [0, 0]
  for (const [word, count] of one) {
    common += Math.min(count, other.get(word) ?? 0)
    all += count
  }
  for (const count of other.values()) all += count
  return all === 0 ? 0 : (2 * common) / all
}

/** The letters of either line that the other has not, by whole words. */
export function words(old: string, of: string): [Range[], Range[]] {
  const [one, other] = [split(old), split(of)]
  let first = 0
  while (first < one.length && first < other.length && one[first] === other[first]) first += 1
  let last = 0
  while (last < one.length - first && last < other.length - first && one.at(-1 - last) === other.at(-1 - last)) last += 1
  const [midOld, midNew] = [one.slice(first, one.length - last), other.slice(first, other.length - last)]
  const kept = common(midOld, midNew)
  const begin = one.slice(0, first).join('').length
  return [ranges(midOld, kept[0], begin), ranges(midNew, kept[1], begin)]
}

function split(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\s\p{L}\p{N}_]/gu) ?? []
}

/** Which words of either are in a longest common subsequence. */
function common(one: string[], other: string[]): [Set<number>, Set<number>] {
  const kept: [Set<number>, Set<number>] = [new Set(), new Set()]
  if (one.length * other.length > MOST_WORDS) return kept
  const width = other.length + 1
  const longest = new Uint16Array((one.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  for (let [i, j] = [0, 0]; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) {
      kept[0].add(i++)
      kept[1].add(j++)
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return kept
}

/** Where the words are that were not kept; a space between two of them is theirs. */
function ranges(words: string[], kept: Set<number>, begin: number): Range[] {
  const found: [number, number][] = []
  let at = begin
  words.forEach((word, index) => {
    const isBridge = /^\s+$/.test(word) && index > 0 && !kept.has(index - 1) && index + 1 < words.length && !kept.has(index + 1)
    const end = at + word.length
    const last = found.at(-1)
    if (!kept.has(index) || isBridge) {
      if (last?.[1] === at) last[1] = end
      else found.push([at, end])
    }
    at = end
  })
  return found
}

/** The pieces, cut where marks begin and end. */
export function cut(pieces: Piece[], marks: Range[]): [string, string, boolean][] {
  if (marks.length === 0) return pieces.map(([text, kind]) => [text, kind, false])
  const found: [string, string, boolean][] = []
  let begin = 0
  for (const [text, kind] of pieces) {
    const end = begin + text.length
    const within = marks.filter(([from, to]) => from < end && to > begin)
    const ends = [...new Set([begin, end, ...within.flat().filter((at) => at > begin && at < end)])].sort((a, b) => a - b)
    ends.slice(1).forEach((to, at) => {
      const from = ends[at] ?? begin
      found.push([text.slice(from - begin, to - begin), kind, within.some((mark) => mark[0] <= from && mark[1] >= to)])
    })
    begin = end
  }
  return found
}
