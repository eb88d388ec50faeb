export interface Line {
  number: number
  text: string
  /** Of the finding. */
  hit?: boolean
  /** The number of the step that is here. */
  step?: number
  /** Under the line. */
  note?: string
}

/** Letters that a reader cannot see, or that turn the direction of others: drawn as their number. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u

/** Code as text, never as HTML. */
export function Code({ lines }: { lines: Line[] }) {
  return (
    // Scrolls sideways by itself, and by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="code" tabIndex={0} role="region" aria-label="Lines of code">
      {lines.map((line) => (
        <div key={line.number}>
          <div className="code-line" data-hit={line.hit || undefined} data-step={line.step === undefined ? undefined : true}>
            <span className="number">{line.number}</span>
            <span>{line.step ?? (line.hit ? '◆' : '')}</span>
            <span>{visible(line.text)}</span>
          </div>
          {line.note && <p className="code-note">└ {line.note}</p>}
        </div>
      ))}
    </div>
  )
}

/** The text with what hides in it shown as boxed code points. */
export function visible(text: string) {
  if (!HIDDEN.test(text)) return text || ' '
  const parts = [...text].map((letter) => (HIDDEN.test(letter) ? { hidden: letter.codePointAt(0) ?? 0 } : letter))
  return parts.map((part, at) =>
    typeof part === 'string' ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the place in the line is what it is
      <span className="chip bad" key={at}>
        U+{part.hidden.toString(16).toUpperCase().padStart(4, '0')}
      </span>
    ),
  )
}
