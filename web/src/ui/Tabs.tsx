import { type ReactNode, useEffect, useRef } from 'react'

/** Links to the parts of a page. Where they are wider than the window, the one that is open is in sight. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  const holder = useRef<HTMLElement>(null)
  useEffect(() => {
    const [tabs, open] = [holder.current, holder.current?.querySelector<HTMLElement>('[aria-current]')]
    if (!tabs || !open) return
    const over = open.offsetLeft + open.offsetWidth - tabs.offsetLeft - tabs.clientWidth
    if (over > tabs.scrollLeft) tabs.scrollLeft = over
    if (open.offsetLeft - tabs.offsetLeft < tabs.scrollLeft) tabs.scrollLeft = open.offsetLeft - tabs.offsetLeft
  })
  return (
    <nav ref={holder} className="tabs no-print" aria-label={label}>
      {children}
    </nav>
  )
}
