import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { useWorkspace } from '@/api/session'
import { CopyButton } from '@/ui/Button'
import { Code, type Line } from '@/ui/code/Code'
import { Path } from '@/ui/Path'
import type { Detail } from './queries'
import type { TraceStep } from './steps'

/** Lines around a step that are shown. */
const AROUND = 10

const fileQuery = (id: string, path: string) =>
  queryOptions({
    queryKey: ['file', id, path],
    queryFn: () => answer(api.GET('/repositories/{id}/file', { params: { path: { id }, query: { path } as never } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** The file of a finding as it is now, where it is wanted and the finding still stands in it. */
export function useOwnFile(finding: Detail, isWanted: boolean): string | undefined {
  const file = useQuery({ ...fileQuery(finding.repositoryId, finding.filePath), enabled: isWanted })
  const content = file.data?.content
  const stands = (text: string) => standsIn(text.replaceAll('\r\n', '\n').split('\n'), finding)
  return content !== undefined && stands(content) ? content : undefined
}

function standsIn(lines: string[], finding: Detail): boolean {
  return lines[finding.lineNumber - 1] === finding.lines[finding.lineNumber - finding.firstLine]
}

/** The code of a step, or of the finding where there is no trace. */
export function Place({
  finding,
  step,
  number,
  of,
}: {
  finding: Detail
  step: TraceStep | undefined
  number: number
  of: number
}) {
  const { slug } = useWorkspace()
  const path = step?.path ?? finding.filePath
  const line = step?.start.line ?? finding.lineNumber
  const own = path === finding.filePath && line >= finding.firstLine && line < finding.firstLine + finding.lines.length
  const file = useQuery(fileQuery(finding.repositoryId, path))
  const content = file.data?.content.replaceAll('\r\n', '\n')
  const all = content?.split('\n')
  // The file as it is now, where the finding still stands in it; else the lines that the scan kept.
  const isThere = all && (!own || standsIn(all, finding))
  const [from, texts] = isThere
    ? [Math.max(1, line - AROUND), all.slice(Math.max(0, line - AROUND - 1), line + AROUND)]
    : own
      ? [finding.firstLine, finding.lines]
      : [line, step ? [step.text] : []]
  const lines: Line[] = texts.map((text, index) => {
    const here = from + index
    const isHit = path === finding.filePath && here >= finding.lineNumber && here <= finding.endLine
    const isStep = here === line && step !== undefined
    return {
      number: here,
      text,
      hit: isHit,
      step: isStep ? number : undefined,
      note: isStep ? step.note : isHit && here === finding.endLine && !step ? finding.description : undefined,
    }
  })
  return (
    <section className="panel" aria-label="Code">
      <header className="panel-head place-head">
        <h2>
          <Path path={path} line={line} />
        </h2>
        {of > 0 && (
          <span className="caption num">
            <span className="unseen">Step </span>
            {number} of {of}
          </span>
        )}
        <Link
          to={'/w/$slug/repositories/$id/file' as never}
          params={{ slug, id: finding.repositoryId } as never}
          search={{ path } as never}
          hash={`L${line}`}
          className="button small quiet no-print roomy"
        >
          Open the file
        </Link>
        <CopyButton text={`${path}:${line}`} label="Copy path and line" />
      </header>
      <Code lines={lines} path={path} whole={isThere ? content : undefined} />
      {!own && file.isError && <p className="panel-foot muted">The rest of the file cannot be shown: {said(file.error)}</p>}
    </section>
  )
}
