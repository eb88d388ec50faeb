import { expect, test } from 'vitest'
import { rank, ranked } from './rank'

test('what begins with the letters comes first, then where a word does, then what holds them', () => {
  const items = ['All repositories', 'Unsecured ports', 'Recent posts', 'Ports'].map((label) => ({ label }))
  expect(ranked(items, 'po').map(({ label }) => label)).toEqual(['Ports', 'Unsecured ports', 'Recent posts', 'All repositories'])
})

test('equally near ones stay as they stood, and nothing typed changes nothing', () => {
  const items = ['Sessions', 'Second factor', 'Scans'].map((label) => ({ label }))
  expect(ranked(items, 's')).toEqual(items)
  expect(ranked(items, ' ')).toEqual(items)
})

test('words may stand in any order, and the place counts last', () => {
  expect(rank('Audit log', 'administration', 'log audit')).toBe(1)
  expect(rank('Audit log', 'administration', 'admin')).toBe(3)
  expect(rank('Audit log', 'administration', 'zebra')).toBeUndefined()
})
