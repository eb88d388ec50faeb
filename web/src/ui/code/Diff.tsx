import { memo, useCallback, useEffect, useMemo, useState } from 'react'
import type { Schemas } from '@/api/client'
import { useFilter } from '@/lib/filter'
import { counted } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { remember } from '@/lib/stored'
import { useMatches } from '@/lib/use-matches'
import { useRemembered } from '@/lib/use-remembered'
import { Button } from '../Button'
import { Empty } from '../faces'
import { Panel } from '../Page'
import { changes } from './changes'
import { Counts, DiffFile } from './DiffFile'
import type { Note } from './DiffRows'
import { visible } from './Text'
import './code.css'
import './diff.css'

type Whole = Schemas['Diff']
type File = Schemas['DiffFile']

interface Props {
  diff: Whole
  notes: Note[]
  /** A file by itself, of which more lines are shown. */
  alone: (path: string) => Promise<Whole>
  /** Which has the files as they are after the change. */
  repository: string
}

/** From here on both sides stand beside each other. */
const WIDE = '(min-width: 1280px)'

/** Whether they shall not, as somebody once chose. */
const LAYOUT = 'diff'
const UNIFIED = 'unified'

const NONE: Note[] = []

/** Files that were changed, one below the other. */
export default function Diff({ diff, notes, alone, repository }: Props) {
  const isWide = useMatches(WIDE)
  const isUnified = useRemembered(LAYOUT, '') === UNIFIED
  const beside = isWide && !isUnified
  const [{ file: wanted }] = useFilter<{ file?: string }>()
  // Those that were asked for by themselves, with more of their lines.
  const [own, setOwn] = useState<ReadonlyMap<string, File>>(new Map())
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  // The change that reading goes on at; between two of them it is half.
  const [at, setAt] = useState(-0.5)
  const files = useMemo(() => diff.files.map((file) => own.get(file.path) ?? file), [diff, own])
  const byPath = useMemo(() => Map.groupBy(notes, ({ path }) => path), [notes])
  const [stops, firsts] = useMemo(() => {
    const stops: { file: File; change: number }[] = []
    const firsts = files.map((file) => {
      const first = stops.length
      const count = changes(file)
      for (let change = 0; change < count; change += 1) stops.push({ file, change })
      return first
    })
    return [stops, firsts]
  }, [files])

  const open = useCallback((path: string, isOpen: boolean) => {
    setFolded((now) => {
      if (now.has(path) !== isOpen) return now
      const then = new Set(now)
      if (isOpen) then.delete(path)
      else then.add(path)
      return then
    })
  }, [])
  const bring = useCallback(
    async (path: string) => {
      const [file] = (await alone(path)).files
      if (file) setOwn((now) => new Map(now).set(path, file))
    },
    [alone],
  )
  const go = (to: number) => {
    const stop = stops[to]
    if (!stop) return
    open(stop.file.path, true)
    setAt(to)
  }
  useKeys([
    { keys: 'Alt+ArrowDown', label: 'Next change', group: 'Changes', run: () => go(Math.floor(at) + 1) },
    { keys: 'Alt+ArrowUp', label: 'Previous change', group: 'Changes', run: () => go(Math.ceil(at) - 1) },
  ])
  const jump = useCallback(
    (path: string) => {
      const index = files.findIndex((file) => file.path === path)
      if (index < 0) return
      open(path, true)
      setAt((firsts[index] ?? 0) - 0.5)
      document.getElementById(idOf(index))?.scrollIntoView({ block: 'start' })
      document.getElementById(`${idOf(index)}-name`)?.focus({ preventScroll: true })
    },
    [files, firsts, open],
  )
  useEffect(() => {
    // Where the address leads, once.
    if (wanted) jump(wanted)
  }, [wanted])

  if (files.length === 0) {
    return (
      <Panel>
        <Empty title="No files changed." />
      </Panel>
    )
  }
  const unlisted = diff.totals.files - files.length
  const isAllFolded = files.every(({ path }) => folded.has(path))
  return (
    <div className="stack wide diff">
      <Panel
        title={`${counted(diff.totals.files, 'file')} changed`}
        actions={
          <>
            <Counts {...diff.totals} />
            {isWide && (
              <Button small look="quiet" onClick={() => remember(LAYOUT, isUnified ? '' : UNIFIED)}>
                {isUnified ? 'Side by side' : 'Unified'}
              </Button>
            )}
            <Button small look="quiet" onClick={() => setFolded(new Set(isAllFolded ? [] : files.map(({ path }) => path)))}>
              {isAllFolded ? 'Open all' : 'Fold all'}
            </Button>
          </>
        }
        foot={unlisted > 0 && <span className="muted">and {counted(unlisted, 'further file')} that are not listed</span>}
      >
        <Files files={files} notes={byPath} onChosen={jump} />
      </Panel>
      {files.map((file, index) => {
        const stop = stops[at]
        return (
          <DiffFile
            key={file.path}
            id={idOf(index)}
            file={file}
            alone={own.has(file.path)}
            notes={byPath.get(file.path) ?? NONE}
            wide={beside}
            open={!folded.has(file.path)}
            current={stop?.file === file ? stop.change : undefined}
            before={firsts[index] ?? 0}
            changes={stops.length}
            onOpen={open}
            onWanted={bring}
            repository={repository}
            commit={diff.to}
          />
        )
      })}
    </div>
  )
}

const Files = memo(function Files({
  files,
  notes,
  onChosen,
}: {
  files: File[]
  notes: Map<string, Note[]>
  onChosen: (path: string) => void
}) {
  const [, change] = useFilter<{ file?: string }>()
  return (
    <ul className="diff-files" aria-label="Files">
      {files.map((file, index) => (
        <li key={file.path}>
          <a
            href={`#${idOf(index)}`}
            title={file.path}
            onClick={(event) => {
              event.preventDefault()
              change({ file: file.path })
              // Also when it is in the address already.
              onChosen(file.path)
            }}
          >
            <code className="clip grow">{visible(file.path)}</code>
          </a>
          {notes.has(file.path) && <span className="muted">{counted(notes.get(file.path)?.length ?? 0, 'finding')}</span>}
          <Counts {...file} />
        </li>
      ))}
    </ul>
  )
})

/** Names may be anything; their order is a name. */
function idOf(index: number): string {
  return `changed-${index + 1}`
}
