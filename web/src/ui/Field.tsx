import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { Button } from './Button'

interface Around {
  label: ReactNode
  hint?: ReactNode
  /** In the place of the hint. */
  error?: string | null
}

function Shell({ label, hint, error, id, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {error ? (
        <p className="error" id={`${id}-note`} role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-note`}>
            {hint}
          </p>
        )
      )}
    </div>
  )
}

function described({ hint, error }: Around, id: string) {
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': hint || error ? `${id}-note` : undefined }
}

export function Input({ label, hint, error, ...rest }: Around & ComponentProps<'input'>) {
  const id = useId()
  const around = { label, hint, error }
  return (
    <Shell {...around} id={id}>
      <input className="input" {...described(around, id)} {...rest} />
    </Shell>
  )
}

export function Textarea({ label, hint, error, ...rest }: Around & ComponentProps<'textarea'>) {
  const id = useId()
  const around = { label, hint, error }
  return (
    <Shell {...around} id={id}>
      <textarea className="input" rows={3} {...described(around, id)} {...rest} />
    </Shell>
  )
}

export function Select({ label, hint, error, children, ...rest }: Around & ComponentProps<'select'>) {
  const id = useId()
  const around = { label, hint, error }
  return (
    <Shell {...around} id={id}>
      <select className="input" {...described(around, id)} {...rest}>
        {children}
      </select>
    </Shell>
  )
}

/** A secret that is typed: shown on demand, pasted freely, never filled in again. */
export function Password({ label, hint, error, ...rest }: Around & ComponentProps<'input'>) {
  const id = useId()
  const around = { label, hint, error }
  const [visible, setVisible] = useState(false)
  return (
    <Shell {...around} id={id}>
      <div className="with-end">
        <input
          className="input"
          type={visible ? 'text' : 'password'}
          autoCapitalize="off"
          spellCheck={false}
          {...described(around, id)}
          {...rest}
        />
        <Button look="quiet" aria-pressed={visible} onClick={() => setVisible(!visible)}>
          {visible ? 'hide' : 'show'}
          <span className="unseen"> the {String(label).toLowerCase()}</span>
        </Button>
      </div>
    </Shell>
  )
}

export function Check({ label, hint, ...rest }: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <span className="caption"> {hint}</span>}
      </span>
    </label>
  )
}
