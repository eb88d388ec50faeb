import { expect, test } from 'vitest'
import { reused } from './in-sight'

test('a place keeps its key; after a jump the keys are those of before, in the order of the places', () => {
  const first = reused(new Map(), [0, 1, 2, 3])
  const then = reused(first, [2, 3, 4, 5])
  expect([then.get(2), then.get(3)]).toEqual([first.get(2), first.get(3)])
  const far = reused(then, [3, 40, 41, 42])
  expect(far.get(3)).toBe(then.get(3))
  expect([far.get(40), far.get(41), far.get(42)]).toEqual([then.get(2), then.get(4), then.get(5)])
})

test('keys are never given twice, however the window grows and shrinks', () => {
  let keys: ReadonlyMap<number, number> = new Map()
  for (const places of [[0, 1, 2], [7], [5, 6, 7, 8], [0, 8], [1, 2, 3, 4, 5, 6]]) {
    keys = reused(keys, places)
    expect([...keys.keys()]).toEqual(places)
    expect(new Set(keys.values()).size).toBe(places.length)
  }
})
