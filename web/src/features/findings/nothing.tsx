import { useQueries, useQuery } from '@tanstack/react-query'
import { repositoryQuery } from '@/api/repository'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { Button } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { Empty } from '@/ui/faces'
import { type Filter, partsOf, phrase } from './filter'
import { countQuery } from './queries'

/** Parts of a filter of which it is asked how many match without them. */
const MOST_ASKED = 3

/** Nothing matches: which part of the filter to drop. */
export function NothingMatches({
  filter,
  whole,
  named,
  change,
  clear,
}: {
  filter: Filter
  /** As the list is asked for: with the repository that it is of. */
  whole: Filter
  named: (repository: string) => string
  change: (to: Partial<Filter>) => void
  clear: () => void
}) {
  const { slug } = useWorkspace()
  const parts = partsOf(filter)
  // Words and files stand last, and leave the least.
  const asked = parts.slice(-MOST_ASKED)
  const counts = useQueries({ queries: asked.map((part) => countQuery(slug, { ...whole, [part]: undefined })) })
  const drops = asked.flatMap((part, at) => {
    const count = counts[at]?.data ?? 0
    return count > 0 ? [{ part, count }] : []
  })
  return (
    <Empty title="Nothing matches." action={<Button onClick={clear}>Clear the filter</Button>}>
      {drops.map(({ part, count }) => (
        <span key={part} className="drop">
          <Button small onClick={() => change({ [part]: undefined })}>
            {number(count)} {count === 1 ? 'matches' : 'match'} without ‘{visible(phrase(part, filter[part] ?? '', named))}’
          </Button>
        </span>
      ))}
      {drops.length === 0 && counts.every(({ isPending }) => !isPending) && 'Take several parts of the filter away to see more.'}
    </Empty>
  )
}

/** Nothing found is good news only where somebody looked. */
export function NoneOpen({ repo }: { repo: string | undefined }) {
  const scan = useQuery({ ...repositoryQuery(repo ?? ''), enabled: repo !== undefined }).data?.scanStatus
  if (scan === 'failed') return <Empty title="Not known.">The last scan failed; what it would have found is not here.</Empty>
  if (scan === 'pending') return <Empty title="Not known yet.">The repository was not scanned so far.</Empty>
  return <Empty title="No open findings.">What scans find stands here, the worst first.</Empty>
}
