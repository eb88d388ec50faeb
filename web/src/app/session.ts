import type { QueryClient } from '@tanstack/react-query'
import { enterWorkspace } from '@/api/client'

/** Nothing of who was signed in stays on the page. */
export function clearSession(client: QueryClient): void {
  enterWorkspace(undefined)
  client.clear()
}
