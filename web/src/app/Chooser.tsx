import type { LucideIcon } from 'lucide-react'
import { shown } from '@/lib/keys'
import { visible } from '@/ui/code/Text'
import { CloseButton } from '@/ui/Dialog'
import { useOptions } from '@/ui/options'

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
  const { at, field, list, option, onKeyDown } = useOptions(choices.length, text, (at) => {
    onClose()
    choices[at]?.run()
  })
  return (
    <div className="palette stack">
      <div className="palette-field">
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
          autoFocus
          role="combobox"
          aria-expanded="true"
          {...field}
          aria-label={label}
          placeholder={placeholder}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <CloseButton onClick={onClose} />
      </div>
      <div role="listbox" {...list} aria-label="What there is">
        {choices.map((choice, index) => (
          <div role="option" key={`${choice.about}${choice.label}${index}`} {...option(index)} aria-selected={index === at}>
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
