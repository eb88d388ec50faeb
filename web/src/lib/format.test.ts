import { expect, test } from 'vitest'
import { counted, initials, middle, number, short } from './format'

test('large counts are short in chips', () => {
  expect([999, 9_999, 12_400, 1_200_000].map(short)).toEqual(['999', '9,999', '12.4k', '1.2M'])
})

test('thousands are grouped, fractions are not', () => {
  expect([0, 999, 1_000, 1_234_567, -12_345, 1_234.5678].map(number)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '-12,345',
    '1,234.5678',
  ])
})

test('one is not many', () => {
  expect([counted(1, 'scan'), counted(0, 'scan'), counted(2, 'entry', 'entries')]).toEqual(['1 scan', '0 scans', '2 entries'])
})

test('a path keeps its end', () => {
  const path = 'src/server/controllers/administration/users/list.ts'
  expect(middle(path, 30)).toHaveLength(30)
  expect(middle(path, 30).endsWith('/users/list.ts')).toBe(true)
  expect(middle('a.ts', 30)).toBe('a.ts')
})

test('a name has two letters', () => {
  expect(['Ana Lee', 'ana@acme.example', 'bo'].map(initials)).toEqual(['AL', 'AA', 'BO'])
})
