import { QueryClient } from '@tanstack/react-query'
import { Problem } from '@/api/problem'

/** What the server said is believed this long; what is live is told by the socket before. */
const FRESH_MS = 30_000

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      refetchOnWindowFocus: false,
      // A refusal stays one; a lost connection may come back.
      retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 2,
    },
    mutations: { retry: false },
  },
})
