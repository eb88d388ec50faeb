import { useState } from 'react'
import { counted } from '@/lib/format'
import { remember, remembered } from '@/lib/stored'
import { FormDialog } from '@/ui/Dialog'
import { Check, Textarea } from '@/ui/Field'
import { REASONS } from './decide'

/** Why: the reason used last comes first; a digit and Enter are enough. */
export function DecisionDialog({
  status,
  count,
  onDecide,
  onClose,
}: {
  status: 'ignored' | 'false_positive'
  count: number
  onDecide: (reason: string) => void
  onClose: () => void
}) {
  const [reason, setReason] = useState(remembered('reason') ?? REASONS[0] ?? '')
  const [note, setNote] = useState('')
  const verb = status === 'ignored' ? 'Ignore' : 'Mark as false positive'
  const submit = () => {
    remember('reason', reason)
    onDecide(note.trim() ? `${reason}: ${note.trim()}` : reason)
    onClose()
  }
  return (
    <FormDialog open onClose={onClose} title={`${verb}: ${counted(count, 'finding')}`} action={verb} onSubmit={submit}>
      <fieldset
        className="fieldset stack"
        onKeyDown={(event) => {
          const chosen = REASONS[Number(event.key) - 1]
          if (chosen) setReason(chosen)
        }}
      >
        <legend className="label">Reason</legend>
        {REASONS.map((text, at) => (
          <Check
            key={text}
            type="radio"
            name="reason"
            label={
              <>
                {text} <kbd>{at + 1}</kbd>
              </>
            }
            checked={reason === text}
            onChange={() => setReason(text)}
          />
        ))}
      </fieldset>
      <Textarea
        label="Note"
        hint="Who reads it later knows why."
        maxLength={900}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  )
}
