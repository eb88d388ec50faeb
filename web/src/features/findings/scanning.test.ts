import { expect, test } from 'vitest'
import type { Schemas } from '@/api/client'
import { failures } from './scanning'

const HOUR_MS = 3_600_000
const NOW = Date.parse('2026-01-02T12:00:00Z')

const scan = (repositoryId: string, status: string, hoursAgo: number) =>
  ({
    id: `${repositoryId}-${hoursAgo}`,
    repositoryId,
    status,
    createdAt: new Date(NOW - hoursAgo * HOUR_MS).toISOString(),
  }) as Schemas['Scan']

test('a failure is told until a later scan of the same repository, for a day', () => {
  const newest = [
    scan('mended', 'completed', 1),
    scan('broken', 'failed', 2),
    scan('mended', 'failed', 3),
    scan('broken', 'failed', 4),
    scan('long ago', 'failed', 30),
  ]
  expect(failures(newest, NOW).map(({ id }) => id)).toEqual(['broken-2'])
})
