import { visible } from '@/ui/code/Text'
import type { Pull } from './queries'

/** How it stands at the forge, by a sign as well as by its word. */
export function State({ state }: { state: string }) {
  switch (state) {
    case 'merged':
      return <span>⤵ Merged</span>
    case 'closed':
      return <span className="muted">⊘ Closed</span>
    default:
      return <span>○ Open</span>
  }
}

/** From where to where. */
export function Branches({ pull }: { pull: Pull }) {
  return (
    <>
      <code>{visible(pull.branch)}</code> <span aria-hidden="true">→</span>
      <span className="unseen">into</span> <code>{visible(pull.baseBranch)}</code>
    </>
  )
}
