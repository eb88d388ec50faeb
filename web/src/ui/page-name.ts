// What the open page is called, for who stands around it: the breadcrumb and the title of the window.

import { useSyncExternalStore } from 'react'

interface Name {
  title: string
  /** It is at no place among the others. */
  alone?: boolean
}

let name: Name = { title: '' }
const listeners = new Set<() => void>()

export function nameThePage(now: Name): void {
  name = now
  for (const listener of listeners) listener()
}

export function usePageName(): Name {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => name,
  )
}
