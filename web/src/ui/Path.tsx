import { visible } from './code/Text'
import './path.css'

/** Names at the end of a path that are kept: many files are called alike in folders of different names. */
const KEPT = 2

/** A path, with a line of it: in a place that is too narrow it loses its middle, never its file. */
export function Path({ path, line }: { path: string; line?: number }) {
  const names = path.split('/')
  const end = names.slice(-KEPT).join('/')
  const folder = names.length > KEPT && names.slice(0, -KEPT).join('/')
  return (
    <code className="path" title={line === undefined ? path : `${path}:${line}`}>
      {folder !== false && <span className="clip folder">{visible(folder)}</span>}
      <span className="clip">
        {folder !== false && '/'}
        {visible(end)}
      </span>
      {line !== undefined && <span className="line">:{line}</span>}
    </code>
  )
}
