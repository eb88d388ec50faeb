// What is said about a finding: why it matters, what happened to it, and where scans saw it.

import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { words } from '@/lib/format'
import { Button } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Panel } from '@/ui/Page'
import { Path } from '@/ui/Path'
import { Prose } from '@/ui/Prose'
import { Time } from '@/ui/Time'
import { useNames } from './people'
import type { Detail } from './queries'

export function Explained({ finding }: { finding: Detail }) {
  const parts: [string, string | null | undefined][] = [
    ['What happens', finding.explanation],
    ['What an attacker gains', finding.impact],
    ['How to fix', finding.recommendation],
  ]
  const said = parts.filter(([, text]) => text)
  const links = finding.references.filter((address) => /^https?:\/\//.test(address))
  if (said.length === 0 && links.length === 0) return null
  return (
    <div className="explained">
      <Panel title="Explanation" padded>
        <div className="stack wide reading">
          {said.map(([title, text]) => (
            <div key={title} className="stack">
              <h3>{title}</h3>
              <Prose text={text ?? ''} />
            </div>
          ))}
          {links.length > 0 && (
            <ul className="links">
              {links.map((address) => (
                <li key={address}>
                  <a href={address} rel="noopener noreferrer" target="_blank">
                    {address}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Panel>
    </div>
  )
}

interface Event {
  key: string
  at: string
  what: ReactNode
}

/** What happened, the first at the top. */
export function History({ finding }: { finding: Detail }) {
  const changes = finding.history ?? []
  const nameOf = useNames(changes.map(({ changedBy }) => changedBy))
  const first = finding.occurrences?.find(({ state }) => state === 'new')
  const events: Event[] = [
    {
      key: 'found',
      at: finding.detectedAt,
      what: (
        <>
          Found by {visible(finding.tool)} {first && <ScanLink id={first.scanId} />}
        </>
      ),
    },
    // They come newest first; of one second the order is kept.
    ...changes.toReversed().map((change) => ({
      key: change.id,
      at: change.createdAt,
      what: (
        <>
          {words(change.fromStatus)} → {words(change.toStatus)}{' '}
          <span className="muted">
            by {change.changedBy ? visible(nameOf(change.changedBy)) : change.scanId ? <ScanLink id={change.scanId} /> : 'a scan'}
            {change.reason && <>: {visible(change.reason)}</>}
          </span>
        </>
      ),
    })),
  ]
  if (finding.lastSeenAt !== finding.detectedAt)
    events.push({ key: 'seen', at: finding.lastSeenAt, what: <span className="muted">Seen last</span> })
  events.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  return (
    <Panel title="History" padded>
      <ol className="stack">
        {events.map(({ key, at, what }) => (
          <li key={key} className="event">
            <span className="muted">
              <Time at={at} />
            </span>
            <span>{what}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function ScanLink({ id }: { id: string }) {
  const { slug } = useWorkspace()
  return (
    <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id } as never} className="said">
      a scan
    </Link>
  )
}

type Occurred = Schemas['Occurred']

const SEEN: Record<string, string> = { new: 'Found', existing: 'Seen again', fixed: 'Gone' }

/** By what it was known again, where that is not its own text and line. */
const KNOWN: Record<string, string> = {
  rename: 'in a renamed file',
  scope: 'by the function around it',
  body: 'by the code around it',
  edit: 'after its line was changed',
  hint: 'as its tool says',
}

/** As many as are looked at. */
const SHOWN = 5

/** The scans that saw it, the last at the top. */
export function Occurrences({ finding }: { finding: Detail }) {
  const { slug } = useWorkspace()
  const [isWhole, setWhole] = useState(false)
  const all = (finding.occurrences ?? []).toSorted((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt))
  if (all.length === 0) return null
  const shown = isWhole ? all : all.slice(0, SHOWN)
  const said = ({ state, recognisedBy }: Occurred) =>
    [SEEN[state] ?? words(state), KNOWN[recognisedBy ?? '']].filter(Boolean).join(' ')
  return (
    <Panel
      title={
        <>
          Occurrences <span className="caption num">{all.length}</span>
        </>
      }
      foot={
        all.length > shown.length && (
          <Button small onClick={() => setWhole(true)}>
            All {all.length}
          </Button>
        )
      }
      padded
    >
      <ol className="stack">
        {shown.map((one) => (
          <li key={`${one.scanId}-${one.state}`} className="event">
            <span className="muted">
              <Time at={one.createdAt} />
            </span>
            <span className="stack-line">
              <Link to={'/w/$slug/scans/$id' as never} params={{ slug, id: one.scanId } as never}>
                {said(one)}
              </Link>
              <span className="muted clip">
                <Path path={one.filePath} line={one.lineNumber} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
