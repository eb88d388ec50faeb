import { expect, test } from 'vitest'
import { takenBack } from './decide'

test('what is taken back keeps the reason and the end that were known', () => {
  const before = [
    { id: 'a', status: 'ignored' },
    { id: 'b', status: 'open' },
    { id: 'c', status: 'ignored' },
    { id: 'd', status: 'open' },
  ]
  const reasons = new Map([
    ['a', { reason: 'Used in tests only', ignoredUntil: '2027-01-01T00:00:00Z' }],
    ['b', {}],
  ])
  expect(takenBack(before, reasons)).toEqual([
    { ids: ['a'], status: 'ignored', reason: 'Used in tests only', ignoredUntil: '2027-01-01T00:00:00Z' },
    { ids: ['b', 'd'], status: 'open', reason: undefined, ignoredUntil: undefined },
    { ids: ['c'], status: 'ignored', reason: 'Taken back', ignoredUntil: undefined },
  ])
})
