import type { QueryClient } from '@tanstack/react-query'

/** What is on the screen is asked again at once, and then no sooner than this: a scan tells of a thousand findings one by one. */
export const PACE_MS = 2_000

/** Asks again for what live news made stale: each query once, however many the news. */
export class Renewal {
  private readonly keys = new Set<string>()
  private last = Number.NEGATIVE_INFINITY
  private waiting: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly client: QueryClient) {}

  /** Queries whose key begins with this word. */
  stale = (key: string): void => {
    this.keys.add(key)
    this.waiting ??= setTimeout(this.flush, Math.max(0, this.last + PACE_MS - performance.now()))
  }

  stop(): void {
    clearTimeout(this.waiting)
  }

  private flush = (): void => {
    this.waiting = undefined
    this.last = performance.now()
    for (const key of this.keys) this.client.invalidateQueries({ queryKey: [key] })
    this.keys.clear()
  }
}
