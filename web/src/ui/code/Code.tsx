import './code.css'

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
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

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
      <span className="chip bad" key={at}>
        U+{part.hidden.toString(16).toUpperCase().padStart(4, '0')}
      </span>
    ),
  )
}
