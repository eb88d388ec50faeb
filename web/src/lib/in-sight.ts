// Long lists of rows of one height: only those in the window, and a few beyond, are there.

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** Rows outside the window, above and below, that are there already. */
const OVERSCAN = 6

interface Sight {
  from: number
  /** The last one. */
  to: number
}

/** Places of the list's rows that are to be drawn. */
export function useInSight(holder: RefObject<HTMLElement | null>, count: number, height: number): Sight {
  const [sight, setSight] = useState<Sight>({ from: 0, to: Math.ceil(window.innerHeight / height) + OVERSCAN })
  useLayoutEffect(() => {
    const look = () => {
      const top = holder.current?.getBoundingClientRect().top ?? 0
      const [from, to] = [Math.floor(-top / height), Math.ceil((window.innerHeight - top) / height)]
      setSight((before) => {
        // Where nothing of what was drawn stays in the window, a frame has enough to do with what is in it.
        const beyond = from > before.to || to < before.from ? 0 : OVERSCAN
        const now = { from: from - beyond, to: to + beyond }
        return before.from === now.from && before.to === now.to ? before : now
      })
    }
    // Drawn before the frame in which they come into sight, or it would be an empty one.
    const scrolled = () => flushSync(look)
    look()
    window.addEventListener('scroll', scrolled, { passive: true })
    window.addEventListener('resize', look)
    return () => {
      window.removeEventListener('scroll', scrolled)
      window.removeEventListener('resize', look)
    }
  }, [holder, height])
  return { from: Math.max(0, sight.from), to: Math.min(count - 1, sight.to) }
}

/**
 * A key for each place. A place keeps its key for as long as it is drawn, so that the focus stays where it is; where all others are new,
 * they are shown by the elements that are there, which costs less than making new ones. Where some stay it would cost more: the elements
 * have to stand in the order of their places.
 */
export function useReused(places: readonly number[]): (place: number) => number {
  const keys = useRef<ReadonlyMap<number, number>>(new Map())
  keys.current = reused(keys.current, places)
  return (place) => keys.current.get(place) ?? -1
}

export function reused(before: ReadonlyMap<number, number>, places: readonly number[]): Map<number, number> {
  const wanted = new Set(places)
  // One of them may be the row with the focus, wherever the window is.
  const isJump = places.filter((place) => before.has(place)).length <= 1
  const free = isJump ? [...before].filter(([place]) => !wanted.has(place)).map(([, key]) => key) : []
  let next = Math.max(-1, ...before.values()) + 1
  const now = new Map<number, number>()
  for (const place of places) now.set(place, before.get(place) ?? free.shift() ?? next++)
  return now
}
