import { memo } from 'react'
import { visible } from '@/ui/code/Text'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import type { Column } from './columns'
import type { Summary } from './rows'
import { reachText, Status } from './status'

interface Props {
  /** Nothing while it is not there yet. */
  finding: Summary | undefined
  at: number
  /** In pixels. */
  height: number
  /** Where its page is. */
  href: string
  /** All are of one repository. */
  inRepository: boolean
  shown: readonly Column[]
  current: boolean
  selected: boolean
  onFocus: (at: number) => void
  onOpen: (id: string) => void
  /** Nothing for who may not decide. */
  onSelect: ((id: string) => void) | undefined
}

/** One line, drawn anew only when it changes, for they are scrolled by the thousand. */
export const FindingRow = memo(function FindingRow(props: Props) {
  const { finding, at, height, current, selected, onFocus } = props
  return (
    <div
      className="finding-row"
      role="row"
      aria-rowindex={at + 1}
      aria-selected={selected}
      aria-busy={!finding || undefined}
      data-row={at}
      data-current={current || undefined}
      tabIndex={current ? 0 : -1}
      style={{ top: at * height, height }}
      onFocus={() => onFocus(at)}
    >
      {finding ? <Cells {...props} finding={finding} /> : <NotThereYet />}
    </div>
  )
})

function NotThereYet() {
  return (
    <span role="gridcell" className="what skeleton">
      <span className="unseen">Not there yet</span>
    </span>
  )
}

/** How bad, what, where, how it is reached, since when, how it stands. */
function Cells({ finding, href, inRepository, shown, selected, onOpen, onSelect }: Props & { finding: Summary }) {
  const [, folder = '', file = ''] = /^(.*\/)?([^/]*)$/s.exec(finding.filePath) ?? []
  return (
    <>
      <span role="gridcell" className="select">
        {onSelect && (
          <input
            type="checkbox"
            tabIndex={-1}
            checked={selected}
            onChange={() => onSelect(finding.id)}
            aria-label={`Select ${finding.type}`}
          />
        )}
      </span>
      <span role="gridcell" className="how-bad">
        <SeverityMark severity={finding.severity} />
      </span>
      <span role="gridcell" className="what clip">
        {/* A link of the router costs more than all the rest of the row. */}
        <a
          href={href}
          tabIndex={-1}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
            event.preventDefault()
            onOpen(finding.id)
          }}
        >
          {visible(finding.type)}
        </a>{' '}
        <span className="muted">{visible(finding.title)}</span>
      </span>
      {shown.includes('where') && (
        <span role="gridcell" className="where" title={`${finding.repositoryName} ${finding.filePath}:${finding.lineNumber}`}>
          <span className="clip muted">
            {!inRepository && <>{visible(finding.repositoryName.split('/').at(-1) ?? '')} </>}
            <code>{visible(folder)}</code>
          </span>
          <code>
            {visible(file)}:{finding.lineNumber}
          </code>
        </span>
      )}
      {shown.includes('reach') && (
        <span role="gridcell" className="reach clip muted">
          {reachText(finding.reach)}
        </span>
      )}
      {shown.includes('since') && (
        <span role="gridcell" className="since muted">
          <Time at={finding.detectedAt} plain />
        </span>
      )}
      <span role="gridcell" className="state clip">
        <Status status={finding.status} />
      </span>
    </>
  )
}
