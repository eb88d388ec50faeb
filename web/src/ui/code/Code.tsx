import { useColours } from './colours'
import { CodeText, visible } from './Text'
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

/** Code as text, never as HTML. `whole` is the file that the lines are of, where it is known: a piece of one begins nowhere. */
export function Code({ lines, path, whole }: { lines: Line[]; path: string; whole?: string }) {
  const colours = useColours(whole ?? lines.map(({ text }) => text).join('\n'), path)
  return (
    // Scrolls sideways by itself, and by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="code" tabIndex={0} role="region" aria-label="Lines of code">
      {lines.map((line, at) => (
        <div key={line.number}>
          <div className="code-line" data-hit={line.hit || undefined} data-step={line.step === undefined ? undefined : true}>
            <span className="number">{line.number}</span>
            <span>{line.step ?? (line.hit ? '◆' : '')}</span>
            <span>
              <CodeText text={line.text} pieces={colours?.[whole === undefined ? at : line.number - 1]} />
            </span>
          </div>
          {line.note && <p className="code-note">└ {visible(line.note)}</p>}
        </div>
      ))}
    </div>
  )
}
