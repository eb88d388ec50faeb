import { Time } from '@/ui/Time'

/** How a finding stands, in a word and a sign. */
export function Status({ status, until }: { status: string; until?: string | null }) {
  switch (status) {
    case 'fixed':
      return <span className="ok">✓ Fixed</span>
    case 'ignored':
      return (
        <span className="muted">
          ⊘ Ignored
          {until && (
            <>
              {' '}
              until <Time at={until} />
            </>
          )}
        </span>
      )
    case 'false_positive':
      return <span className="muted">≠ False positive</span>
    default:
      return <span>○ Open</span>
  }
}

const REACHES: Record<string, string> = {
  network: 'from the network',
  local: 'from local input',
  pattern: 'pattern only',
  test: 'test code',
}

export function reachText(reach: string): string {
  return REACHES[reach] ?? reach
}

/** Whether it is real: three bars and a word. */
export function Confidence({ value }: { value: number }) {
  const level = value >= 0.75 ? 3 : value >= 0.45 ? 2 : 1
  const word = ['low', 'medium', 'high'][level - 1]
  return (
    <span className="confidence">
      <span aria-hidden="true">
        {'▮'.repeat(level)}
        {'▯'.repeat(3 - level)}
      </span>{' '}
      {word} confidence
    </span>
  )
}
