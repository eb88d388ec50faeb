// What this browser remembers: looks and habits, never anything of the server.

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

/** A word kept under a name; nothing is kept where the browser keeps nothing. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`rampart.${name}`, value)
  } catch {
    // A private window; it holds until it is closed.
  }
  for (const listener of listeners) listener()
}

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`rampart.${name}`)
  } catch {
    return null
  }
}

export function useRemembered(name: string, usual: string): string {
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }
  return useSyncExternalStore(subscribe, () => remembered(name) ?? usual)
}
