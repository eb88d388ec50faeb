// What a list is narrowed to is in the address: reloading, sending and going back keep it.

import { useNavigate, useSearch } from '@tanstack/react-router'

/**
 * The filter, and what changes parts of it. An empty part is left out of the address. Changing it begins the list anew and puts no
 * entry into the history.
 */
export function useFilter<Filter extends object>(): [Filter, (change: Partial<Filter>) => void] {
  const navigate = useNavigate()
  const search: object = useSearch({ strict: false })
  const change = (to: Partial<Filter>) => {
    const changed = (before: object) => {
      const pairs = Object.entries({ ...before, page: undefined, ...to })
      return Object.fromEntries(pairs.filter(([, value]) => value !== '' && value !== false))
    }
    navigate({ to: '.', search: changed as never, replace: true, resetScroll: false })
  }
  return [search as Filter, change]
}
