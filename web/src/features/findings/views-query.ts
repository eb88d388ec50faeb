import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { type Filter, readFilter } from './filter'

export const viewsQuery = (slug: string) => queryOptions({ queryKey: ['views', slug], queryFn: () => answer(api.GET('/views')) })

/** A filter as it is kept, and back. What somebody shares is read as carefully as an address. */
export function kept(filter: Filter): string {
  const pairs = Object.entries(readFilter(filter)).sort(([a], [b]) => a.localeCompare(b))
  return new URLSearchParams(pairs).toString()
}

export function opened(view: string): Filter {
  return readFilter(Object.fromEntries(new URLSearchParams(view)))
}
