import { useEffect } from 'react'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { hour } from '@/lib/time'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'

interface Props {
  newer: number
  gone: number
  since: string
  show: () => void
}

/** What was found since the list was opened, and what is in it no more: the rows stay where they are until it is asked for. */
export function News({ newer, gone, since, show }: Props) {
  const parts = [newer > 0 && `${number(newer)} new`, gone > 0 && `${number(gone)} gone`].filter(Boolean)
  useKeys([{ keys: 'n', label: 'Show as it is now', group: 'List', run: show }])
  useEffect(() => announce('The list has changed'), [])
  const press = () => {
    show()
    // The button leaves; reading goes on in the list.
    document.querySelector<HTMLElement>('.finding-rows [data-current]')?.focus({ preventScroll: true })
  }
  return (
    <span className="row news">
      <span className="num">
        {parts.join(', ')} since <time dateTime={since}>{hour(new Date(since))}</time>
      </span>
      <Button small onClick={press}>
        Show <kbd>n</kbd>
      </Button>
    </span>
  )
}
