// What the first line of a pull request says: whether it may pass, and if not why.

import { counted } from '@/lib/format'
import type { Judged, PullDetail } from './queries'

export interface Verdict {
  tone: 'ok' | 'warn' | 'bad' | 'muted'
  sign: string
  text: string
  /** What to do about it. */
  remedy?: string
}

export function verdict(pull: PullDetail): Verdict {
  const { analysis, judgement } = pull
  if (judgement) return judged(judgement)
  switch (analysis?.status) {
    case 'queued':
      return { tone: 'muted', sign: '○', text: 'The change waits for its turn.' }
    case 'running':
      return { tone: 'muted', sign: '●', text: 'The change is compared with where it began.' }
    case 'cancelled':
      return { tone: 'warn', sign: '⊘', text: 'The analysis was cancelled.', remedy: 'Analyse it again, or push.' }
    case 'completed':
      return { tone: 'warn', sign: '?', text: 'What the scan came to is not known.', remedy: 'Analyse it again.' }
  }
  if (analysis?.status === 'failed' || pull.status === 'failed') {
    const why = analysis?.errorMessage ? `: ${analysis.errorMessage}` : '.'
    return { tone: 'bad', sign: '✕', text: `It could not be analysed${why}`, remedy: 'Analyse it again, or push.' }
  }
  return pull.state === 'open'
    ? {
        tone: 'muted',
        sign: '○',
        text: 'Not analysed yet.',
        remedy: 'It is when the repository is scanned at each push, or now.',
      }
    : { tone: 'muted', sign: '○', text: 'It was never analysed.' }
}

function judged({ verdict, failOn, newCount, failingCount, fixedCount, unseen }: Judged): Verdict {
  const fixed = fixedCount > 0 ? ` · ${fixedCount} fixed` : ''
  const hidden = counted(unseen.length, 'changed file')
  if (verdict === 'failed' && failingCount === 0) {
    return {
      tone: 'bad',
      sign: '✕',
      text: `Blocked: ${hidden} could not be looked at${fixed}`,
      remedy: 'Make them smaller or simpler, or leave them out by the ignore file of the branch that they go to.',
    }
  }
  if (verdict === 'failed') {
    const others = newCount - failingCount
    const more = others > 0 ? ` · ${others} more below` : ''
    return {
      tone: 'bad',
      sign: '✕',
      text: `Blocked: ${counted(failingCount, 'new finding')} at or above ${failOn}${more}${fixed}`,
    }
  }
  if (verdict === 'noted' && newCount === 0) {
    return { tone: 'warn', sign: '!', text: `Nothing new in what could be looked at; ${hidden} could not be${fixed}` }
  }
  if (verdict === 'noted') {
    const why = failOn === 'none' ? 'no finding fails the check' : `none at or above ${failOn}`
    return { tone: 'warn', sign: '!', text: `Noted: ${counted(newCount, 'new finding')}, ${why}${fixed}` }
  }
  const gone = fixedCount > 0 ? ` ${counted(fixedCount, 'finding')} fixed.` : ''
  return { tone: 'ok', sign: '✓', text: `Nothing new.${gone}` }
}

/** Whether something is under way. */
export function isRunning({ analysis }: PullDetail): boolean {
  return analysis?.status === 'queued' || analysis?.status === 'running'
}
