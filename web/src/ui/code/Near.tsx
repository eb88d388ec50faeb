import { type ReactNode, useEffect, useRef, useState } from 'react'

/** How far outside of the window something is drawn already. */
const AHEAD = '1200px 0px'

/** What is drawn when it comes near the window, or is wanted at once. Until then its place is as high as it is thought to be. */
export function Near({ height, wanted, children }: { height: number; wanted: boolean; children: () => ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  const isDrawn = near || wanted
  useEffect(() => {
    if (isDrawn || !place.current) return
    const watch = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && setNear(true), {
      rootMargin: AHEAD,
    })
    watch.observe(place.current)
    return () => watch.disconnect()
  }, [isDrawn])
  // What was wanted once stays.
  useEffect(() => {
    if (wanted) setNear(true)
  }, [wanted])
  return isDrawn ? children() : <div ref={place} style={{ height }} />
}
