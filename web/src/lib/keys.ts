// Keys: one listener, a list of bindings that says itself what each does. Single keys are silent in fields and dialogs; those that write
// a letter can be turned off.

import { useEffect, useRef } from 'react'

export interface Binding {
  /** "g f", "mod+k", "?", "j", "Shift+j", "Alt+ArrowDown". */
  keys: string
  label: string
  /** The heading that `?` lists it under. */
  group: string
  run: (event: KeyboardEvent) => void
}

const active = new Set<readonly Binding[]>()
let singleKeys = true

/** Some people's aids send keys of their own. */
export function allowSingleKeys(allowed: boolean): void {
  singleKeys = allowed
}

/** Every binding that works at the moment, the innermost last. */
export function bindings(): Binding[] {
  return [...active].flat()
}

/** The bindings work while the component is there. */
export function useKeys(own: readonly Binding[]): void {
  const latest = useRef(own)
  latest.current = own
  useEffect(() => {
    // Through `latest`, so that a binding sees what the component saw last.
    const entry = own.map((binding, at) => ({
      ...binding,
      run: (event: KeyboardEvent) => latest.current[at]?.run(event),
    }))
    active.add(entry)
    return () => {
      active.delete(entry)
    }
  }, [own.map((binding) => binding.keys).join('|')])
}

/** After its first key a sequence waits this long for the second. */
const SEQUENCE_MS = 1_200
let pending: { key: string; at: number } | undefined

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const pressed = nameOf(event)
  const isPlain = !pressed.includes('mod+')
  if (isPlain && !singleKeys && event.key.length === 1) return
  if ((isPlain || pressed === 'mod+a') && (isTyping(event.target) || inDialog())) return
  // These are what a link or a button under the focus is pressed with.
  if ((pressed === 'Enter' || pressed === 'Space') && isControl(event.target)) return
  if (pressed === 'Space' && event.target instanceof HTMLInputElement) return
  const sequence = pending && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${pressed}` : undefined
  pending = undefined
  const all = bindings().reverse()
  const found = (sequence && all.find((binding) => binding.keys === sequence)) || all.find((b) => b.keys === pressed)
  if (found) {
    event.preventDefault()
    found.run(event)
  } else if (all.some((binding) => binding.keys.startsWith(`${pressed} `))) {
    pending = { key: pressed, at: event.timeStamp }
  }
}

function nameOf(event: KeyboardEvent): string {
  // Many keyboards have brackets behind this key; some systems tell it as Ctrl and Alt.
  const isThird = event.getModifierState('AltGraph')
  const mod = (event.ctrlKey || event.metaKey) && !isThird ? 'mod+' : ''
  const alt = event.altKey && !isThird ? 'Alt+' : ''
  const isLetter = /^[a-z]$/i.test(event.key)
  const shift = event.shiftKey && (isLetter || event.key.length > 1) ? 'Shift+' : ''
  const name = isLetter ? event.key.toLowerCase() : event.key === ' ' ? 'Space' : event.key
  return `${mod}${alt}${shift}${name}`
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, summary, select, [role=button]') !== null
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select')) return true
  return target.matches('input') && !target.matches('[type=checkbox], [type=radio], [type=button], [type=submit]')
}

function inDialog(): boolean {
  return document.querySelector('[role=dialog][data-open], [role=menu][data-open], [role=listbox]') !== null
}

/** "mod+k" as people know it. */
export function shown(keys: string): string[] {
  const isMac = navigator.platform.startsWith('Mac')
  const named = { 'mod+': isMac ? '⌘ ' : 'Ctrl ', 'Alt+': isMac ? '⌥ ' : 'Alt ', 'Shift+': '⇧ ', ArrowDown: '↓', ArrowUp: '↑' }
  return keys.split(' ').map((key) => Object.entries(named).reduce((text, [name, sign]) => text.replace(name, sign), key))
}
