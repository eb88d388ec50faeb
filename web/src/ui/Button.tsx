import { Check, Copy, X } from 'lucide-react'
import { type ComponentProps, forwardRef, type ReactNode, useState } from 'react'
import { announce } from './announce'
import { copyText } from './copy'
import { useOnline } from './online'
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
  // What can be under way is asked of the server, for which there has to be a way.
  const isCut = !useOnline() && busy !== undefined
  const why = refused || (isCut && 'Not while there is no network')
  const names = ['button', look === 'plain' ? '' : look, small && 'small', block && 'block', className]
  const idle = !busy && !why
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
  return why ? <Tip text={why}>{button}</Tip> : button
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

const SAID = { copied: 'Copied', refused: 'The browser lets nothing be copied: select the text' }

export function CopyButton({ text, label = 'Copy', words }: { text: string; label?: string; words?: boolean }) {
  const [result, setResult] = useState<keyof typeof SAID>()
  const copy = async () => {
    const now = (await copyText(text)) ? 'copied' : 'refused'
    setResult(now)
    announce(SAID[now])
    setTimeout(() => setResult(undefined), COPIED_MS)
  }
  const icon = result === 'copied' ? <Check size={14} /> : result ? <X size={14} /> : <Copy size={14} />
  const said = result ? SAID[result] : label
  if (words) {
    return (
      <Button small onClick={copy}>
        {icon} {said}
      </Button>
    )
  }
  return <IconButton label={said} icon={icon} onClick={copy} />
}
