import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { counted, number } from '@/lib/format'
import { CopyButton } from '@/ui/Button'
import { CodeFile, type Mark } from '@/ui/code/CodeFile'
import { Failed, SkeletonRows } from '@/ui/faces'
import { SeverityMark } from '@/ui/Severity'
import { PathCrumbs } from './crumbs'
import { fileQuery, useRepositoryId } from './queries'

/** `#L45`, `#L45-L52`. */
export function readLines(hash: string): [number, number] | undefined {
  const found = /^#?L(\d{1,9})(?:-L?(\d{1,9}))?$/.exec(hash)
  if (!found) return undefined
  const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])]
  return [Math.min(from, to), Math.max(from, to)]
}

/** One file with the open findings beside and below their lines. */
export function RepositoryFile() {
  const id = useRepositoryId()
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const hash = useLocation({ select: (location) => location.hash })
  const [{ path = '', ref }] = useFilter<{ path?: string; ref?: string }>()
  const file = useQuery(fileQuery(id, path, ref))
  const chosen = readLines(hash)
  const choose = (from: number, to: number) =>
    navigate({
      to: '.',
      search: true as never,
      hash: from === to ? `L${from}` : `L${from}-L${to}`,
      replace: true,
      resetScroll: false,
      hashScrollIntoView: false,
    })
  if (file.isError) {
    return (
      <section className="panel">
        <Failed error={file.error} retry={() => file.refetch()} />
      </section>
    )
  }
  const findings = [...(file.data?.vulnerabilities ?? [])].sort((a, b) => a.lineNumber - b.lineNumber)
  const marks: Mark[] = findings.map((finding) => ({
    line: finding.lineNumber,
    severity: finding.severity,
    note: (
      <>
        <SeverityMark severity={finding.severity} />
        <Link to={'/w/$slug/findings/$id' as never} params={{ slug, id: finding.id } as never}>
          {finding.type}
        </Link>
        <span className="muted">{finding.title}</span>
      </>
    ),
  }))
  const content = file.data?.content ?? ''
  return (
    <section className="panel" aria-label="File">
      <header className="panel-head">
        <PathCrumbs id={id} path={path} />
        <span className="grow" />
        {file.data && (
          <>
            {findings.length > 0 && (
              <span className="row wrap file-findings">
                {findings.slice(0, 5).map((finding) => (
                  <a
                    key={finding.id}
                    href={`#L${finding.lineNumber}`}
                    className="chip"
                    onClick={(event) => {
                      event.preventDefault()
                      choose(finding.lineNumber, finding.lineNumber)
                    }}
                  >
                    <SeverityMark severity={finding.severity} /> line {number(finding.lineNumber)}
                  </a>
                ))}
                {findings.length > 5 && <span className="caption">{counted(findings.length, 'finding')}</span>}
              </span>
            )}
            <code className="muted">{file.data.ref.slice(0, 7)}</code>
            <CopyButton text={content} label="Copy the file" />
          </>
        )}
      </header>
      {file.data ? (
        <CodeFile text={content} path={path} marks={marks} chosen={chosen} onChoose={choose} />
      ) : (
        <SkeletonRows rows={16} />
      )}
    </section>
  )
}
