import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { PACE_MS, Renewal } from './renewal'

afterEach(() => {
  vi.useRealTimers()
})

test('a thousand news ask once at once, and once more afterwards', () => {
  vi.useFakeTimers()
  const client = new QueryClient()
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue()
  const renewal = new Renewal(client)
  for (let news = 0; news < 500; news += 1) renewal.stale('findings')
  vi.advanceTimersByTime(0)
  expect(asked).toHaveBeenCalledTimes(1)
  for (let news = 0; news < 500; news += 1) renewal.stale(news % 2 ? 'findings' : 'scans')
  vi.advanceTimersByTime(PACE_MS - 1)
  expect(asked).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1)
  expect(asked.mock.calls.map(([what]) => what?.queryKey?.[0])).toEqual(['findings', 'scans', 'findings'])
  renewal.stale('findings')
  renewal.stop()
  vi.advanceTimersByTime(PACE_MS)
  expect(asked).toHaveBeenCalledTimes(3)
})
