import { useColours } from './colours'
import { CodeText } from './Text'
import './code.css'

interface Props {
  path: string
  /** The lines as they are; nothing when they are not known. */
  before: string[]
  /** The number of the first of them. */
  first: number
  /** What is to stand in their place. */
  after: string
}

/** Lines in place of others: with signs, for colours alone say nothing to everybody. */
export function Change({ path, before, first, after }: Props) {
  const was = useColours(before.join('\n'), path)
  const becomes = useColours(after, path)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="code" tabIndex={0} role="region" aria-label="Suggested change">
      {before.map((text, at) => (
        <div className="code-line removed" key={at}>
          <span className="number">{first + at}</span>
          <span>
            <span aria-hidden="true">−</span>
            <span className="unseen">removed:</span>
          </span>
          <span>
            <CodeText text={text} pieces={was?.[at]} />
          </span>
        </div>
      ))}
      {after.split('\n').map((text, at) => (
        <div className="code-line added" key={at}>
          <span className="number" />
          <span>
            <span aria-hidden="true">+</span>
            <span className="unseen">added:</span>
          </span>
          <span>
            <CodeText text={text} pieces={becomes?.[at]} />
          </span>
        </div>
      ))}
    </div>
  )
}
