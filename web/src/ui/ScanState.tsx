import { type Progress, useProgress } from '@/lib/progress'
import { duration } from '@/lib/time'
import { visible } from './code/Text'
import './scan-state.css'

/** What a scan is at, as people say it. */
const PHASES: Record<string, string> = { fetch: 'fetching', static: 'analysing', save: 'saving' }

/** How a scan stands: a sign and words; a bar while it runs. */
export function State({
  id,
  status,
  progress,
  durationMs,
  error,
}: {
  id: string
  status: string
  progress: number
  durationMs: number | null | undefined
  error: string | null | undefined
}) {
  const live = useProgress(id)
  switch (status) {
    case 'completed':
      return <span className="ok">✓ done{durationMs == null ? '' : ` in ${duration(durationMs)}`}</span>
    case 'failed':
      return (
        <span className="bad">
          ✕ failed
          {error && <>: {visible(error)}</>}
        </span>
      )
    case 'cancelled':
      return <span className="muted">⊘ cancelled</span>
    case 'running':
      return <Bar value={live?.progress ?? progress} live={live} />
    default:
      return <span className="muted">○ waiting</span>
  }
}

/** How far it is, and what it is at where that does not stand beside it already. */
export function Bar({ value, live }: { value: number; live: Progress | undefined }) {
  return (
    <span className="row">
      <progress className="bar" max={100} value={value} aria-label="Progress" />
      <span className="num">
        {value} % {live && PHASES[live.phase]}
      </span>
    </span>
  )
}
