import type { LucideIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { shown } from '@/lib/keys'
import { visible } from '@/ui/code/Text'
import { CloseButton } from '@/ui/Dialog'

export interface Choice {
  label: string
  about?: string
  icon: LucideIcon
  keys?: string
  run: () => void
}

/** A field, and below it what fits to what is typed: arrows move, Enter takes. It stands in a dialog of its own. */
export function Chooser({
  label,
  placeholder,
  text,
  onText,
  choices,
  onClose,
}: {
  label: string
  placeholder: string
  text: string
  onText: (text: string) => void
  choices: Choice[]
  onClose: () => void
}) {
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  })
  const take = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    choice.run()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) {
      event.preventDefault()
      setAt((at + step + choices.length) % Math.max(choices.length, 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(choices[at])
    }
  }
  return (
    <div className="palette stack">
      <div className="palette-field">
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
          autoFocus
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={choices[at] ? `${id}-${at}` : undefined}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            onText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
        <CloseButton onClick={onClose} />
      </div>
      <div role="listbox" id={id} aria-label="What there is" ref={list}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={`${choice.about}${choice.label}${index}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setAt(index)}
            onClick={() => take(choice)}
          >
            <choice.icon size={15} aria-hidden="true" />
            <span>{visible(choice.label)}</span>
            {choice.about && <span className="caption">{visible(choice.about)}</span>}
            {choice.keys && (
              <span className="keys">
                {shown(choice.keys).map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            )}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="face">Nothing is called “{text}”.</p>}
    </div>
  )
}
