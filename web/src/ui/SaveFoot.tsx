import { said } from '@/api/problem'
import { Button } from './Button'

interface Props {
  /** Whether anything differs from what is saved. */
  changed: boolean
  saving: { isPending: boolean; error: unknown }
  onSave: () => void
  onDiscard: () => void
}

/** Of a panel in which something is chosen: saves it, or goes back to what is saved. */
export function SaveFoot({ changed, saving, onSave, onDiscard }: Props) {
  return (
    <footer className="panel-foot">
      <Button look="primary" busy={saving.isPending && 'Saving…'} refused={!changed && 'Nothing has changed'} onClick={onSave}>
        Save
      </Button>
      {changed && (
        <Button look="quiet" onClick={onDiscard}>
          Discard
        </Button>
      )}
      {saving.error ? <span className="bad">{said(saving.error)}</span> : null}
    </footer>
  )
}
