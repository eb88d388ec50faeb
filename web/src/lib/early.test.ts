import { afterEach, expect, test, vi } from 'vitest'
import { askEarly, takeEarly } from './early'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what was asked before is told once: afterwards somebody has signed in', async () => {
  expect(takeEarly()).toBeUndefined()
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}', { status: 401 })))
  askEarly()
  expect((await takeEarly())?.status).toBe(401)
  expect(takeEarly()).toBeUndefined()
})
