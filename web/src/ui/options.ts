import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

/** A field and the options below it that fit to what is typed: arrows move, Enter takes; the first is at hand when another text is typed. */
export function useOptions(count: number, text: string, take: (at: number) => void) {
  const [moved, setAt] = useState(0)
  const at = Math.min(moved, Math.max(0, count - 1))
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => setAt(0), [text])
  useEffect(() => {
    list.current?.querySelector('[data-highlighted]')?.scrollIntoView({ block: 'nearest' })
  }, [at, count])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setAt((at + step + count) % Math.max(count, 1))
    else if (event.key === 'Enter') count > 0 && take(at)
    else return
    event.preventDefault()
  }
  return {
    onKeyDown,
    /** Beside roles and the like, which stand where they are used: an open combobox, a listbox, options. */
    field: {
      'aria-controls': id,
      'aria-activedescendant': count > 0 ? `${id}-${at}` : undefined,
    },
    list: { id, ref: list },
    option: (index: number) => ({
      id: `${id}-${index}`,
      'data-highlighted': index === at || undefined,
      onMouseMove: () => setAt(index),
      onClick: () => take(index),
    }),
    at,
  }
}
