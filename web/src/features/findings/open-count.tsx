import { useQuery } from '@tanstack/react-query'
import { useWorkspace } from '@/api/session'
import { short } from '@/lib/format'
import { statsQuery } from './queries'

/** Open findings, as the list counts them. */
export function OpenCount() {
  const { slug } = useWorkspace()
  const count = useQuery(statsQuery(slug)).data?.totalVulnerabilities ?? 0
  return count > 0 ? short(count) : null
}
