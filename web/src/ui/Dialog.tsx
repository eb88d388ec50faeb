import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from './Button'

interface Props {
  open: boolean
  onClose: () => void
  title: ReactNode
  children: ReactNode
  wide?: boolean
  /** The content fills it, has a head of its own, and the way out. */
  bare?: boolean
}

export function Dialog({ open, onClose, title, children, wide, bare }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={['dialog', wide && 'wide', bare && 'bare'].filter(Boolean).join(' ')}>
          <Base.Title className={bare ? 'unseen' : undefined}>{title}</Base.Title>
          {children}
          {/* The last, so that the first to be typed into is the first field. */}
          {!bare && <CloseButton className="dialog-close" onClick={onClose} />}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Without a tip: that would take the first Escape. */
export function CloseButton({ className = '', onClick }: { className?: string; onClick: () => void }) {
  return (
    <Button look="quiet" className={`icon ${className}`} aria-label="Close" onClick={onClick}>
      <X size={16} />
    </Button>
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
