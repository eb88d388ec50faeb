import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { visible } from '@/ui/code/Text'
import { Empty } from '@/ui/faces'
import { PagedList } from '@/ui/List'
import { Path } from '@/ui/Path'
import { SeverityMark } from '@/ui/Severity'

/** Of a list that stands below other things, as many as are looked through. */
const AT_A_TIME = 25

const TITLES = {
  new: 'New in this scan',
  fixed: 'Fixed as of this scan',
  existing: 'Seen again',
} as const

export type Seen = keyof typeof TITLES

export const isSeen = (state: unknown): state is Seen => typeof state === 'string' && state in TITLES

/** What one scan says: what is new, unless the address asks for something else. */
export function Found({ scan }: { scan: Schemas['ScanDetail'] }) {
  const { slug } = useWorkspace()
  const [{ state: asked, page }] = useFilter<{ state?: string; page?: number }>()
  const state = isSeen(asked) ? asked : 'new'
  const list = useQuery({
    queryKey: ['scans', 'one', scan.id, 'findings', { state, page }],
    queryFn: () =>
      answer(
        api.GET('/scans/{id}/vulnerabilities', {
          params: { path: { id: scan.id }, query: { state, page, limit: AT_A_TIME } },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  return (
    <PagedList
      query={list}
      title={TITLES[state]}
      of={(data) => data.vulnerabilities}
      empty={
        <Empty title={state === 'new' ? 'Nothing new.' : state === 'fixed' ? 'Nothing was fixed.' : 'Nothing was seen again.'}>
          {scan.pullRequestId && 'What a pull request brings along stands on its page.'}
        </Empty>
      }
    >
      {(findings) => (
        <table className="grid plain found-list">
          <tbody>
            {findings.map((finding) => (
              <tr key={finding.id}>
                <td>
                  <SeverityMark severity={finding.severity} />
                </td>
                <td className="clip">
                  <Link to={'/w/$slug/findings/$id' as never} params={{ slug, id: finding.id } as never}>
                    {visible(finding.type)}
                  </Link>
                </td>
                <td className="clip">
                  <Path path={finding.filePath} line={finding.lineNumber} />
                </td>
                <td className="muted">{STANDINGS[finding.status] ?? finding.status}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </PagedList>
  )
}

/** How they stand now, which may be another way than when the scan was over. */
const STANDINGS: Record<string, string> = {
  open: '○ Open',
  fixed: '✓ Fixed',
  ignored: '⊘ Ignored',
  false_positive: '≠ False positive',
}
