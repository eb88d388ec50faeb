import { memo } from 'react'
import { visible } from '@/ui/code/Text'
import { SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import type { Summary } from './queries'
import { reachText, Status } from './status'

interface Props {
  /** Nothing while it is not there yet. */
  finding: Summary | undefined
  at: number
  /** Where its page is. */
  href: string
  /** All are of one repository. */
  inRepository: boolean
  current: boolean
  selected: boolean
  onFocus: (at: number) => void
  onOpen: (id: string) => void
  /** Nothing for who may not decide. */
  onSelect: ((id: string) => void) | undefined
}

/** One line, drawn anew only when it changes, for they are scrolled by the thousand: how bad, what, where, how it is reached, since when, how it stands. */
export const FindingRow = memo(function FindingRow({
  finding,
  at,
  href,
  inRepository,
  current,
  selected,
  onFocus,
  onOpen,
  onSelect,
}: Props) {
  if (!finding) return <div className="skeleton-row" />
  const [, folder = '', file = ''] = /^(.*\/)?([^/]*)$/s.exec(finding.filePath) ?? []
  return (
    <div
      className="finding-row"
      role="row"
      aria-rowindex={at + 1}
      aria-selected={selected}
      data-row={at}
      data-current={current || undefined}
      tabIndex={current ? 0 : -1}
      onFocus={() => onFocus(at)}
    >
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
      <span role="gridcell">
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
      <span role="gridcell" className="where" title={`${finding.repositoryName} ${finding.filePath}:${finding.lineNumber}`}>
        <span className="clip muted">
          {!inRepository && <>{visible(finding.repositoryName.split('/').at(-1) ?? '')} </>}
          <code>{visible(folder)}</code>
        </span>
        <code>
          {visible(file)}:{finding.lineNumber}
        </code>
      </span>
      <span role="gridcell" className="reach clip muted">
        {reachText(finding.reach)}
      </span>
      <span role="gridcell" className="since muted">
        <Time at={finding.detectedAt} plain />
      </span>
      <span role="gridcell" className="state clip">
        <Status status={finding.status} />
      </span>
    </div>
  )
})
