import { useEffect } from 'react'
import { number } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { hour } from '@/lib/time'
import { announce } from '@/ui/announce'
import { Button } from '@/ui/Button'

/** What scans have found since the list was opened: the rows stay where they are until it is asked for. */
export function News({ count, since, show }: { count: number; since: string; show: () => void }) {
  useKeys([{ keys: 'n', label: 'Show new ones', group: 'List', run: show }])
  useEffect(() => announce('There are new findings'), [])
  const press = () => {
    show()
    // The button leaves; reading goes on in the list.
    document.querySelector<HTMLElement>('.finding-rows [data-current]')?.focus({ preventScroll: true })
  }
  return (
    <span className="row news">
      <span className="num">
        {number(count)} new since <time dateTime={since}>{hour(new Date(since))}</time>
      </span>
      <Button small onClick={press}>
        Show <kbd>n</kbd>
      </Button>
    </span>
  )
}
