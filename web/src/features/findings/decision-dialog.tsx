import { useState } from 'react'
import { counted } from '@/lib/format'
import { remember, remembered } from '@/lib/stored'
import { FormDialog } from '@/ui/Dialog'
import { Check, Select, Textarea } from '@/ui/Field'
import { type Dismissal, REASONS, type Why } from './decide'

const DAY_MS = 86_400_000

/** For how many days something is ignored. */
const TERMS: [string, string][] = [
  ['', 'for good'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
]

/** Why: the reason used last is chosen already; a digit and Enter are enough. */
export function DecisionDialog({
  status,
  count,
  onDecide,
  onClose,
}: {
  status: Dismissal
  count: number
  onDecide: (why: Why) => void
  onClose: () => void
}) {
  const reasons = REASONS[status]
  const last = remembered(`reason.${status}`)
  const [reason, setReason] = useState(reasons.find((one) => one === last) ?? reasons[0] ?? '')
  const [days, setDays] = useState('')
  const [note, setNote] = useState('')
  const verb = status === 'ignored' ? 'Ignore' : 'Mark as false positive'
  const submit = () => {
    remember(`reason.${status}`, reason)
    onDecide({
      reason: note.trim() ? `${reason}: ${note.trim()}` : reason,
      ignoredUntil: days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : undefined,
    })
    onClose()
  }
  return (
    <FormDialog open onClose={onClose} title={`${verb}: ${counted(count, 'finding')}`} action={verb} onSubmit={submit}>
      <fieldset
        className="fieldset stack"
        onKeyDown={(event) => {
          const chosen = reasons[Number(event.key) - 1]
          if (chosen) setReason(chosen)
        }}
      >
        <legend className="label">Reason</legend>
        {reasons.map((text, at) => (
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
      {status === 'ignored' && (
        <Select label="For" className="input fit" value={days} onChange={(event) => setDays(event.target.value)}>
          {TERMS.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      )}
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
