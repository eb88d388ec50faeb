import { useEffect, useState } from 'react'

/** What is typed is looked for when it has stood so long. */
const SETTLED_MS = 120

/** A text that has not changed for a moment, for what is asked of the server; nothing is so at once. */
export function useSettled(text: string): string {
  const [settled, settle] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => settle(text), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [text])
  return text === '' ? '' : settled
}
