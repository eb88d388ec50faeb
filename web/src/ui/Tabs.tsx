import type { ReactNode } from 'react'

/** Links to the parts of a page. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className="tabs no-print" aria-label={label}>
      {children}
    </nav>
  )
}
