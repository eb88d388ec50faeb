import { Dialog as Base } from '@base-ui/react/dialog'
import type { FormEvent, ReactNode } from 'react'
import { Button } from './Button'

interface Props {
  open: boolean
  onClose: () => void
  title: ReactNode
  children: ReactNode
  wide?: boolean
}

export function Dialog({ open, onClose, title, children, wide }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={wide ? 'dialog wide' : 'dialog'}>
          <Base.Title>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface FormProps extends Props {
  /** The verb of the primary button. */
  action: string
  busy?: string | false
  destructive?: boolean
  refused?: string | false
  onSubmit: () => void
}

/** A dialog that is filled in and sent. */
export function FormDialog({ action, busy, destructive, refused, onSubmit, children, ...rest }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy && !refused) onSubmit()
  }
  return (
    <Dialog {...rest}>
      <form className="stack wide" onSubmit={submit}>
        {children}
        <div className="dialog-foot">
          <Button onClick={rest.onClose}>Cancel</Button>
          <Button type="submit" look={destructive ? 'destructive primary' : 'primary'} busy={busy} refused={refused}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
