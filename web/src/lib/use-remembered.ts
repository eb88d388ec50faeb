import { useSyncExternalStore } from 'react'
import { onRemembered, remembered } from './stored'

/** What is remembered under the name, as it changes. */
export function useRemembered(name: string, usual: string): string {
  return useSyncExternalStore(onRemembered, () => remembered(name) ?? usual)
}
