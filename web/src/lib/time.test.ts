import { expect, test } from 'vitest'
import { duration, relative } from './time'

const now = new Date(2026, 10, 21, 15, 0)

test.each([
  [new Date(2026, 10, 21, 14, 59, 30), 'just now'],
  [new Date(2026, 10, 21, 14, 55), '5 min ago'],
  [new Date(2026, 10, 21, 12, 0), '3 h ago'],
  [new Date(2026, 10, 20, 14, 32), 'yesterday 14:32'],
  [new Date(2026, 10, 17, 9, 10), 'Tue 09:10'],
  [new Date(2026, 10, 12, 9, 10), '12 Nov'],
  [new Date(2025, 10, 12, 9, 10), '12 Nov 2025'],
  [new Date(2026, 10, 26, 15, 0), 'in 5 days'],
  [new Date(2026, 10, 21, 15, 20), 'in 20 min'],
])('%s is said as %s', (at, words) => expect(relative(at, now)).toBe(words))

test.each([
  [820, '820 ms'],
  [4_200, '4.2 s'],
  [102_000, '1 min 42 s'],
  [11_400_000, '3 h 10 min'],
  [12 * 86_400_000, '12 days'],
])('%s ms take %s', (ms, words) => expect(duration(ms)).toBe(words))
