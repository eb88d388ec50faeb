// What this browser remembers: looks and habits, never anything of the server.

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

/** Told whenever something is remembered, until what is returned is called. */
export function onRemembered(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
