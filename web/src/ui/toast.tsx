import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { announce } from './announce'
import { Button, IconButton } from './Button'

interface Toast {
  id: number
  text: string
  undo?: () => void
}

/** More would cover the page. */
const MOST = 3
const LIFETIME_MS = 10_000

let toasts: Toast[] = []
let next = 0
const listeners = new Set<() => void>()
const timers = new Map<number, number>()

function change(to: Toast[]) {
  toasts = to
  for (const listener of listeners) listener()
}

function dismiss(id: number) {
  clearTimeout(timers.get(id))
  timers.delete(id)
  change(toasts.filter((toast) => toast.id !== id))
}

function wait(id: number) {
  clearTimeout(timers.get(id))
  timers.set(
    id,
    window.setTimeout(() => dismiss(id), LIFETIME_MS),
  )
}

/** Says that something was done, and lets it be taken back. Failures that need an answer stand in their place instead. */
export function toast(text: string, undo?: () => void): void {
  if (undo && isAwaited) {
    isAwaited = false
    undo()
    return
  }
  const id = next++
  change([...toasts, { id, text, undo }].slice(-MOST))
  wait(id)
  announce(text)
}

/** What is under way and can be taken back once it is done; and whether somebody has asked for that meanwhile. */
let underWay = 0
let isAwaited = false

/** Something is under way that is shown as done already; what says that it has ended, after it was told by `toast`. */
export function beginUndoable(): () => void {
  underWay += 1
  return () => {
    underWay -= 1
    if (underWay === 0) isAwaited = false
  }
}

/** Takes the latest back, as the key `z` does; what is under way, as soon as it is done. */
export function undoLast(): void {
  if (underWay > 0) {
    isAwaited = true
    return
  }
  const latest = toasts.findLast((toast) => toast.undo)
  if (!latest) return
  dismiss(latest.id)
  latest.undo?.()
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  const hold = () => {
    for (const { id } of toasts) clearTimeout(timers.get(id))
  }
  const resume = () => {
    for (const { id } of toasts) wait(id)
  }
  return (
    <section
      className="toasts no-print"
      aria-label="News"
      onMouseEnter={hold}
      onMouseLeave={resume}
      onFocus={hold}
      onBlur={resume}
    >
      {shown.map((toast) => (
        <div className="toast" key={toast.id}>
          <span className="grow">{toast.text}</span>
          {toast.undo && (
            <Button
              small
              onClick={() => {
                dismiss(toast.id)
                toast.undo?.()
              }}
            >
              Undo <kbd>z</kbd>
            </Button>
          )}
          <IconButton label="Dismiss" icon={<X size={14} />} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </section>
  )
}
