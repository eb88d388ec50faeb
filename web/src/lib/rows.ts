// Lists by keyboard: j and k move, Enter opens; one row is the tab stop.

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Binding, useKeys } from './keys'

interface Rows {
  count: number
  open?: (at: number) => void
  /** Further keys, for the row that is current. */
  keys?: { keys: string; label: string; run: (at: number) => void }[]
}

export function useRows({ count, open, keys = [] }: Rows) {
  const [current, setCurrent] = useState(-1)
  const holder = useRef<HTMLElement>(null)
  const at = Math.min(current, count - 1)

  const move = (to: number) => {
    const next = Math.max(0, Math.min(count - 1, to))
    setCurrent(next)
    holder.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus()
  }
  const bindings: Binding[] = [
    { keys: 'j', label: 'Next', group: 'List', run: () => move(at + 1) },
    { keys: 'k', label: 'Previous', group: 'List', run: () => move(at - 1) },
    ...(open ? [{ keys: 'Enter', label: 'Open', group: 'List', run: () => at >= 0 && open(at) }] : []),
    ...keys.map((key) => ({ keys: key.keys, label: key.label, group: 'List', run: () => at >= 0 && key.run(at) })),
  ]
  useKeys(count > 0 ? bindings : NONE)
  useEffect(() => {
    if (count === 0) setCurrent(-1)
  }, [count])

  return {
    current: at,
    holder,
    row: (index: number) => ({
      'data-row': index,
      'data-current': index === at || undefined,
      tabIndex: index === Math.max(at, 0) ? 0 : -1,
      onFocus: () => setCurrent(index),
      onKeyDown: (event: KeyboardEvent) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (step && event.target === event.currentTarget) {
          event.preventDefault()
          move(index + step)
        }
      },
    }),
  }
}

const NONE: Binding[] = []
