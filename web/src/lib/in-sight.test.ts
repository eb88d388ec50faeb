import { expect, test } from 'vitest'
import { reused } from './in-sight'

test('a place keeps its key, and a key that became free is given to a place that came', () => {
  const first = reused(new Map(), [0, 1, 2, 3])
  const then = reused(first, [2, 3, 4, 5])
  expect([then.get(2), then.get(3)]).toEqual([first.get(2), first.get(3)])
  expect(new Set([then.get(4), then.get(5)])).toEqual(new Set([first.get(0), first.get(1)]))
})

test('keys are never given twice, however the window grows and shrinks', () => {
  let keys: ReadonlyMap<number, number> = new Map()
  for (const places of [[0, 1, 2], [7], [5, 6, 7, 8], [0, 8], [1, 2, 3, 4, 5, 6]]) {
    keys = reused(keys, places)
    expect([...keys.keys()]).toEqual(places)
    expect(new Set(keys.values()).size).toBe(places.length)
  }
})
