import { useEffect, useRef, useState } from 'react'
import { useKeys } from '@/lib/keys'

/** What is typed goes into the address this long after the last letter. */
const REST_MS = 120

interface Props {
  label: string
  value: string
  onChange: (text: string) => void
  /** Takes out of what is typed what is shown elsewhere; what stays in the field. Enter ends a word, as a space does. */
  take?: (text: string) => string
}

/** The field that `/` leads to. */
export function SearchField({ label, value, onChange, take = (text) => text }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const timer = useRef<number>(undefined)
  useKeys([{ keys: '/', label, group: 'List', run: () => field.current?.select() }])
  useEffect(() => {
    // The address changed by other means: Back, or a chip that was removed.
    if (document.activeElement !== field.current) setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (typed: string) => {
    const now = take(typed)
    setText(now)
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => onChange(now.trim()), REST_MS)
  }
  return (
    <input
      ref={field}
      type="search"
      className="input small search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          type('')
          field.current?.blur()
        } else if (event.key === 'Enter') type(`${text} `)
      }}
    />
  )
}
