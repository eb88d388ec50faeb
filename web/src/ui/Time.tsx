import { useSyncExternalStore } from 'react'
import { exact, relative } from '@/lib/time'
import { Tip } from './Tip'

// One clock for the page, each minute.
const listeners = new Set<() => void>()
let now = new Date()
setInterval(() => {
  now = new Date()
  for (const listener of listeners) listener()
}, 60_000)

function subscribe(listener: () => void) {
  // What is new is not told in the time of a page that was opened long ago.
  if (Date.now() - now.getTime() > 5_000) now = new Date()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now)
}

/** A moment, relatively; exactly on hover and focus. `plain` where there are thousands, and hovering is left to the browser. */
export function Time({ at, none = '–', plain }: { at: string | null | undefined; none?: string; plain?: boolean }) {
  const now = useNow()
  if (!at) return <span className="muted">{none}</span>
  const date = new Date(at)
  if (plain) {
    return (
      <time
        dateTime={at}
        className="num"
        onPointerEnter={(event) => {
          event.currentTarget.title = exact(date)
        }}
      >
        {relative(date, now)}
      </time>
    )
  }
  return (
    <Tip text={exact(date)}>
      <time dateTime={at} className="num">
        {relative(date, now)}
      </time>
    </Tip>
  )
}
