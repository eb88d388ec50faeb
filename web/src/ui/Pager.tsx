import { Link } from '@tanstack/react-router'
import { number } from '@/lib/format'

/** Where in a list one is; the page is in the address. */
export function Pager({ page, perPage, total }: { page: number; perPage: number; total: number }) {
  const pages = Math.max(1, Math.ceil(total / perPage))
  const from = total === 0 ? 0 : (page - 1) * perPage + 1
  const search = (to: number) => (before: Record<string, unknown>) => ({ ...before, page: to > 1 ? to : undefined })
  if (total <= perPage && page === 1) return null
  return (
    <nav className="pager num" aria-label="Pages">
      <span>
        {number(from)}–{number(Math.min(page * perPage, total))} of {number(total)}
      </span>
      <span className="row">
        {page > 1 && (
          <Link to="." search={search(page - 1) as never} className="button small">
            Previous
          </Link>
        )}
        {page < pages && (
          <Link to="." search={search(page + 1) as never} className="button small">
            Next
          </Link>
        )}
      </span>
    </nav>
  )
}
