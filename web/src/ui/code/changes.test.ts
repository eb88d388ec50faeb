import { expect, test } from 'vitest'
import type { Schemas } from '@/api/client'
import { changes, cut, type Item, items, paired, type Side, words } from './changes'

const side = (text: string, at: number): Side => ({ number: at + 1, text, marks: [] })
const sides = (...texts: string[]) => texts.map(side)

/** The words that are marked. */
const marked = (old: string, of: string) => {
  const [was, is] = words(old, of)
  return [was.map(([from, to]) => old.slice(from, to)), is.map(([from, to]) => of.slice(from, to))]
}

test('words that differ are marked, whole', () => {
  expect(marked('return query(name)', 'return query(user)')).toEqual([['name'], ['user']])
  expect(marked('a = 1', 'a = 1')).toEqual([[], []])
  expect(marked('', 'new')).toEqual([[], ['new']])
  // A space between two of them is marked with them; letters of more than two bytes stay whole.
  expect(marked('x = one two + 3', 'x = six ten + 3')).toEqual([['one two'], ['six ten']])
  expect(marked('say("😀")', 'say("😅")')).toEqual([['😀'], ['😅']])
  expect(marked('f(a, b)', 'f(a, c, b)')).toEqual([[], ['c, ']])
})

test('lines of thousands of words are marked without weighing each against each', () => {
  const [was, is] = words(`a ${'b '.repeat(1_000)}z`, `a ${'c '.repeat(1_000)}z`)
  expect([was, is]).toEqual([[[2, 2001]], [[2, 2001]]])
})

test('versions of a line stand side by side, whatever was put between', () => {
  const rows = paired(
    sides('  const id = request.id', '  return query("select " + id)'),
    sides('  // checked before', '  const id = request.id', '  const all = 1', '  return query("select ?", [id])'),
  )
  expect(rows.map((row) => [row.old?.number, row.new?.number])).toEqual([
    [undefined, 1],
    [1, 2],
    [undefined, 3],
    [2, 4],
  ])
  expect(rows[1]?.new?.marks).toEqual([])
  expect(rows[3]?.new?.marks.length).toBeGreaterThan(0)
})

test('lines that have nothing in common stand beside one another, without marks', () => {
  const rows = paired(sides('alpha beta', 'gamma'), sides('one two three'))
  expect(rows.map((row) => [row.old?.text, row.new?.text])).toEqual([
    ['alpha beta', 'one two three'],
    ['gamma', undefined],
  ])
  expect(rows[0]?.new?.marks).toEqual([])
})

type File = Schemas['DiffFile']
const line = (text: string) => {
  const kind = { ' ': 'context', '+': 'added', '-': 'removed' }[text.charAt(0)] ?? 'context'
  return { kind, text: text.slice(1) }
}
const hunk = (oldStart: number, newStart: number, ...texts: string[]) => {
  const lines = texts.map(line)
  const count = (other: string) => lines.filter(({ kind }) => kind !== other).length
  return { oldStart, oldLines: count('added'), newStart, newLines: count('removed'), lines }
}
const file = (hunks: File['hunks'], status = 'modified'): File => ({
  path: 'a',
  status,
  binary: false,
  added: 0,
  removed: 0,
  hunks,
})

/** Numbers of the lines of the new side, and what is folded. */
const told = (found: Item[]) =>
  found.map((item) =>
    'fold' in item
      ? `fold ${item.gap.lines ?? '?'} from ${item.gap.new}`
      : item.block.rows.map((row) => row.new?.number ?? '-').join(' '),
  )

const whole = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`)
const two = file([
  hunk(10, 10, ' line 10', '-was', '+line 11', ' line 12'),
  hunk(40, 40, ' line 40', '+line 41', ' line 42', ' line 43', ' line 44'),
])

test('what stays is folded between what changes', () => {
  expect(told(items(two, new Map()))).toEqual([
    'fold 9 from 1',
    '10',
    '11',
    '12',
    'fold 27 from 13',
    '40',
    '41',
    '42 43 44',
    'fold ? from 45',
  ])
  expect(changes(two)).toBe(2)
  const numbered = items(two, new Map()).flatMap((item) => ('block' in item ? [item.block.change] : []))
  expect(numbered.filter((change) => change !== undefined)).toEqual([0, 1])
})

test('what is folded opens from either end, with its own lines and numbers', () => {
  const opened = new Map([
    [1, { top: 20, bottom: 5 }],
    [2, { top: 20, bottom: 0 }],
  ])
  const found = items(two, opened, whole)
  expect(told(found).filter((text) => text.startsWith('fold'))).toEqual(['fold 9 from 1', 'fold 2 from 33', 'fold 36 from 65'])
  const last = found.at(-2)
  const row = last && 'block' in last ? last.block.rows[0] : undefined
  expect([row?.old?.number, row?.new?.number, row?.new?.text]).toEqual([44, 45, 'line 45'])
  // All of it.
  const all = items(two, new Map([0, 1, 2].map((at) => [at, { top: 100, bottom: 0 }])), whole)
  expect(told(all).join(' ').split(' ').filter(Number)).toEqual(Array.from({ length: 100 }, (_, at) => String(at + 1)))
})

test('a file that ends with its change has nothing behind it, nor has one that is new', () => {
  expect(told(items(file([hunk(1, 1, ' a', '+b')]), new Map()))).toEqual(['1', '2'])
  expect(told(items(file([hunk(0, 1, '+a', '+b')], 'added'), new Map()))).toEqual(['1 2'])
  expect(told(items(file([hunk(4, 3, '-b')]), new Map()))).toEqual(['fold 3 from 1', '-'])
  expect(items(file([]), new Map())).toEqual([])
})

test('a long change comes in parts', () => {
  const lines = Array.from({ length: 450 }, (_, at) => `+${at}`)
  const found = items(file([hunk(0, 1, ...lines)], 'added'), new Map())
  expect(found.map((item) => 'block' in item && [item.block.rows.length, item.block.change, item.block.goesOn])).toEqual([
    [200, 0, false],
    [200, 0, true],
    [50, 0, true],
  ])
})

test('the ends of lines are shown where they differ', () => {
  const texts = (found: Item[]) =>
    found.flatMap((item) => ('block' in item ? item.block.rows.map(({ new: of, old }) => (of ?? old)?.text) : []))
  expect(texts(items(file([hunk(1, 1, ' a\r', '+b\r')]), new Map()))).toEqual(['a', 'b'])
  expect(texts(items(file([hunk(1, 1, ' a\r', '+b')]), new Map()))).toEqual(['a\r', 'b'])
})

test('colours and marks share a line', () => {
  const pieces = [
    ['return ', 'keyword'],
    ['name', ''],
    [' + 1', 'number-literal'],
  ] as const
  expect(
    cut(
      [...pieces],
      [
        [3, 9],
        [14, 15],
      ],
    ),
  ).toEqual([
    ['ret', 'keyword', false],
    ['urn ', 'keyword', true],
    ['na', '', true],
    ['me', '', false],
    [' + ', 'number-literal', false],
    ['1', 'number-literal', true],
  ])
})
