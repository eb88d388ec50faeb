import type { Schemas } from '@/api/client'
import { duration } from '@/lib/time'
import { PHASES, phaseAt } from './words'

type Whole = Schemas['ScanDetail']

/** What a scan goes through, and how far it is: told by signs and words. */
export function Phases({ scan, progress, phase }: { scan: Whole; progress: number; phase?: string }) {
  const isDone = scan.status === 'completed'
  const isRunning = scan.status === 'running'
  const looked = lookedFor(scan)
  // Who was cancelled before their turn came to no phase.
  const at = isDone ? PHASES.length : scan.startedAt || scan.status === 'failed' ? phaseAt(progress, phase) : -1
  return (
    <ol className="phases" aria-label="Phases">
      {PHASES.map(([name, label], index) => {
        const stands =
          index < at ? 'done' : index > at ? 'waits' : isRunning ? 'runs' : scan.status === 'failed' ? 'failed' : 'ended'
        return (
          <li key={name} className={LOOKS[stands]} aria-current={stands === 'runs' ? 'step' : undefined}>
            <span aria-hidden="true">{SIGNS[stands]}</span> {label}
            {name === 'static' && looked !== undefined && <span className="num"> {duration(looked)}</span>}
            <span className="unseen">: {WORDS[stands]}</span>
          </li>
        )
      })}
    </ol>
  )
}

type Standing = 'done' | 'runs' | 'waits' | 'failed' | 'ended'

const SIGNS: Record<Standing, string> = { done: '✓', runs: '●', waits: '○', failed: '✕', ended: '⊘' }
const LOOKS: Record<Standing, string> = { done: 'ok', runs: 'strong', waits: 'muted', failed: 'bad', ended: 'muted' }
const WORDS: Record<Standing, string> = {
  done: 'done',
  runs: 'under way',
  waits: 'not begun',
  failed: 'failed here',
  ended: 'ended here',
}

/** How long the analysis took; nothing where it was not measured, or was that of an earlier scan. */
function lookedFor({ tasks, cacheHit }: Whole): number | undefined {
  const result = tasks[0]?.result as { wallMs?: unknown } | null | undefined
  return !cacheHit && typeof result?.wallMs === 'number' ? result.wallMs : undefined
}

/** How long a scan waited, and was busy with what is no analysis, as far as it was measured. */
export function Times({ scan }: { scan: Whole }) {
  const { createdAt, startedAt, durationMs } = scan
  const looked = lookedFor(scan)
  const waited = startedAt ? Date.parse(startedAt) - Date.parse(createdAt) : undefined
  const times: [string, number | undefined][] = [
    ['waited', waited],
    ['fetched and saved in', looked === undefined || durationMs == null ? undefined : Math.max(0, durationMs - looked)],
  ]
  const known = times.filter(([, ms]) => ms !== undefined && ms > 0)
  if (known.length === 0) return null
  return <p className="muted num">{known.map(([what, ms]) => `${what} ${duration(ms ?? 0)}`).join(' · ')}</p>
}
