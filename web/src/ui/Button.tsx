import { Check, Copy } from 'lucide-react'
import { type ComponentProps, forwardRef, type ReactNode, useState } from 'react'
import { announce } from './announce'
import { Tip } from './Tip'

export type Look = 'plain' | 'primary' | 'quiet' | 'destructive' | 'destructive primary' | 'link'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  look?: Look
  small?: boolean
  block?: boolean
  /** What is under way; the button keeps its place and takes no clicks. */
  busy?: string | false
  /** Why it cannot be pressed now. It stays reachable, so that the reason is. */
  refused?: string | false
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = 'plain', small, block, busy, refused, className, children, onClick, type = 'button', ...rest },
  ref,
) {
  const names = ['button', look === 'plain' ? '' : look, small && 'small', block && 'block', className]
  const idle = !busy && !refused
  const button = (
    <button
      ref={ref}
      type={idle ? type : 'button'}
      className={names.filter(Boolean).join(' ')}
      aria-disabled={idle ? undefined : true}
      aria-busy={busy ? true : undefined}
      onClick={idle ? onClick : undefined}
      {...rest}
    >
      {busy || children}
    </button>
  )
  return refused ? <Tip text={refused}>{button}</Tip> : button
})

/** A button that is its icon; the label is for tooltips and readers. */
export const IconButton = forwardRef<HTMLButtonElement, ButtonProps & { label: string; icon: ReactNode }>(function IconButton(
  { label, icon, look = 'quiet', className = '', ...rest },
  ref,
) {
  return (
    <Tip text={label}>
      <Button ref={ref} look={look} className={`icon ${className}`} aria-label={label} {...rest}>
        {icon}
      </Button>
    </Tip>
  )
})

const COPIED_MS = 1_500

export function CopyButton({ text, label = 'Copy', words }: { text: string; label?: string; words?: boolean }) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setDone(true)
    announce('Copied')
    setTimeout(() => setDone(false), COPIED_MS)
  }
  const icon = done ? <Check size={14} /> : <Copy size={14} />
  if (words) {
    return (
      <Button small onClick={copy}>
        {icon} {done ? 'Copied' : label}
      </Button>
    )
  }
  return <IconButton label={done ? 'Copied' : label} icon={icon} onClick={copy} />
}
