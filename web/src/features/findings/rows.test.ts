import { expect, test } from 'vitest'
import { type Answer, BLOCK, begun, decided, placeOf, type Rows, type Summary, unasked, withBlock } from './rows'

const TOTAL = 250

function finding(place: number): Summary {
  return { id: `f${place}`, status: 'open' } as Summary
}

function block(page: number, total = TOTAL): Answer {
  const from = (page - 1) * BLOCK
  const vulnerabilities = Array.from({ length: Math.min(BLOCK, total - from) }, (_, at) => finding(from + at))
  return { page, perPage: BLOCK, total, vulnerabilities, asOf: 'noon', facets: null }
}

const ids = (rows: Rows, from: number, to: number) => rows.at.slice(from, to).map((one) => one?.id)

test('a block stands at its place, whichever came before it', () => {
  const rows = withBlock(begun(block(1), undefined), block(3))
  expect(rows.at.length).toBe(TOTAL)
  expect(ids(rows, 98, 102)).toEqual(['f98', 'f99', undefined, undefined])
  expect(ids(rows, 199, 202)).toEqual([undefined, 'f200', 'f201'])
  expect(placeOf(rows, 'f249')).toBe(249)
})

test('where the server has stopped counting, what was counted before holds; the last block says where the list ends', () => {
  const rows = begun(block(1, 25_000), undefined)
  const later = withBlock(rows, { ...block(2, 25_000), total: 10_000 })
  expect(later.at.length).toBe(25_000)
  expect(withBlock(later, { ...block(250, 24_990), total: 10_000 }).at.length).toBe(24_990)
})

test('only what is in sight and not known is asked for', () => {
  const rows = begun(block(1), undefined)
  expect(unasked(rows, 0, 99)).toEqual([])
  expect(unasked(rows, -25, 130)).toEqual([2])
  expect(unasked(rows, 150, 9_999)).toEqual([2, 3])
  expect(unasked(begun({ ...block(1, 0) }, undefined), 0, 40)).toEqual([])
})

test('what is decided leaves, and what follows moves up across places that are not known', () => {
  const rows = withBlock(begun(block(1), undefined), block(3))
  const now = decided(rows, new Set(['f1', 'f200']), 'ignored', false)
  expect(now.at.length).toBe(TOTAL - 2)
  expect(ids(now, 0, 2)).toEqual(['f0', 'f2'])
  expect(ids(now, 198, 200)).toEqual([undefined, 'f201'])
  expect(now.edition).toBeGreaterThan(rows.edition)
})

test('a list of that status, too, keeps what is decided', () => {
  const now = decided(begun(block(1), undefined), new Set(['f1']), 'ignored', true)
  expect(now.at.length).toBe(TOTAL)
  expect(now.at[1]?.status).toBe('ignored')
})

test('told anew it keeps its moment and its rows, and every other block is asked for again', () => {
  const rows = withBlock(begun(block(1), undefined), block(2))
  const again = begun({ ...block(1, 240), asOf: 'later' }, rows)
  expect([again.asOf, again.at.length]).toEqual(['noon', 240])
  expect(ids(again, 150, 151)).toEqual(['f150'])
  expect(unasked(again, 0, 150)).toEqual([2])
  expect(again.at[7]).toBe(rows.at[7])
  expect(begun({ ...block(1), asOf: 'later' }, { ...rows, asOf: undefined }).asOf).toBe('later')
})
