import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { textQuery } from '@/api/repository'
import { useMay } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { counted } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { CopyButton } from '@/ui/Button'
import { Change } from '@/ui/code/Change'
import { Code } from '@/ui/code/Code'
import { visible } from '@/ui/code/Text'
import { Empty } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Prose } from '@/ui/Prose'
import { SeverityMark } from '@/ui/Severity'
import type { New, PullDetail } from './queries'
import { isRunning } from './verdict'

/** Lines around a finding that are shown. */
const AROUND = 4

/** What the change brings, file by file, the file of the worst first. */
export function Found({ pull }: { pull: PullDetail }) {
  const [{ file }, change] = useFilter<{ file?: string }>()
  const found = pull.judgement?.new ?? []
  const files = [...Map.groupBy(found, ({ path }) => path)]
  const at = Math.max(
    0,
    files.findIndex(([path]) => path === file),
  )
  const go = (to: number) => files[to] && change({ file: files[to][0] })
  useKeys([
    { keys: '[', label: 'Previous file', group: 'Pull request', run: () => go(at - 1) },
    { keys: ']', label: 'Next file', group: 'Pull request', run: () => go(at + 1) },
  ])
  const shown = files[at]
  if (!shown) {
    return (
      <Panel>
        <Empty title={pull.judgement ? 'No new findings.' : isRunning(pull) ? 'Nothing yet.' : 'Nothing is known.'}>
          {pull.judgement
            ? 'What was there before the change is not repeated here.'
            : 'What the change brings that was not there before stands here once it was analysed.'}
        </Empty>
      </Panel>
    )
  }
  const [path, own] = shown
  const hidden = (pull.judgement?.newCount ?? 0) - found.length
  return (
    <div className={files.length > 1 ? 'found' : undefined}>
      {files.length > 1 && (
        <section className="panel found-files" aria-label="Files">
          <header className="panel-head">
            <h2>{counted(files.length, 'file')}</h2>
            <kbd>[</kbd>
            <kbd>]</kbd>
          </header>
          <ul>
            {files.map(([path, of], index) => (
              <li key={path}>
                <Link
                  to="."
                  search={((before: object) => ({ ...before, file: path })) as never}
                  replace
                  resetScroll={false}
                  aria-current={index === at ? 'true' : undefined}
                  title={path}
                >
                  {of[0] && <SeverityMark severity={of[0].severity} />}
                  <code className="grow">{visible(path)}</code>
                  <span className="muted num">{of.length}</span>
                </Link>
              </li>
            ))}
          </ul>
          {hidden > 0 && <p className="panel-foot muted">and {counted(hidden, 'further finding')} that are not listed</p>}
        </section>
      )}
      <div className="stack wide">
        {own.map((finding) => (
          <Finding key={finding.key} finding={finding} path={path} pull={pull} />
        ))}
        {files.length === 1 && hidden > 0 && (
          <p className="muted">and {counted(hidden, 'further finding')} that are not listed</p>
        )}
      </div>
    </div>
  )
}

function Finding({ finding, path, pull }: { finding: New; path: string; pull: PullDetail }) {
  const mayComment = useMay('member')
  const head = pull.analysis?.commitHash ?? pull.headSha
  const content = useQuery(textQuery(pull.repoId, path, head)).data
  const lines = content?.split('\n') ?? []
  const from = Math.max(1, finding.line - AROUND)
  const texts = lines.slice(from - 1, Math.min(finding.endLine, finding.line + 2 * AROUND) + AROUND)
  const place = `${path}:${finding.line}`
  const { source, suggestion } = finding
  return (
    <article className="panel" aria-label={finding.title}>
      <header className="panel-head found-head">
        <SeverityMark severity={finding.severity} />
        <h2>{visible(finding.title)}</h2>
        {finding.cwe != null && <span className="chip">CWE-{finding.cwe}</span>}
        {finding.isExcused && <span className="chip">≠ excused in the change, which does not count</span>}
        {!finding.isOnChange && <span className="chip">on a line that the change did not write</span>}
        {mayComment && finding.isOnChange && (
          <Link to="." search={{ tab: 'comments', at: place } as never} className="button small quiet no-print">
            Comment
          </Link>
        )}
      </header>
      <div className="panel-body stack">
        <p>{visible(finding.message)}</p>
        <p className="row wrap caption">
          <span className="row">
            <code>{visible(place)}</code> <CopyButton text={place} label="Copy path and line" />
          </span>
          {source && (source.path !== path || source.line !== finding.line) && (
            <span>
              the data comes from{' '}
              <code>
                {visible(source.path)}:{source.line}
              </code>
            </span>
          )}
          <code>{visible(finding.rule)}</code>
        </p>
      </div>
      {texts.length > 0 && (
        <Code
          path={path}
          whole={content}
          lines={texts.map((text, at) => ({
            number: from + at,
            text,
            hit: from + at >= finding.line && from + at <= finding.endLine,
          }))}
        />
      )}
      {suggestion && (
        <section className="suggested" aria-label="Suggested change">
          <header className="row apart">
            <h3>Suggested change</h3>
            <CopyButton text={suggestion.text} label="Copy the change" />
          </header>
          <Change
            path={path}
            before={lines.slice(suggestion.firstLine - 1, suggestion.lastLine)}
            first={suggestion.firstLine}
            after={suggestion.text}
          />
        </section>
      )}
      {(finding.impact || finding.remedy) && (
        <div className="panel-body stack wide reading">
          {finding.impact && (
            <div className="stack">
              <h3>What an attacker gains</h3>
              <Prose text={finding.impact} />
            </div>
          )}
          {finding.remedy && (
            <div className="stack">
              <h3>How to fix</h3>
              <Prose text={finding.remedy} />
            </div>
          )}
        </div>
      )}
    </article>
  )
}
