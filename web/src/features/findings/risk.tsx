import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { Bars } from '@/ui/chart/Bars'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'

export function useRisk(repositoryId?: string) {
  const { slug } = useWorkspace()
  return useQuery({
    queryKey: ['findings', slug, 'risk', repositoryId],
    queryFn: () => answer(api.GET('/dashboard/risk-score', { params: { query: { repositoryId } as never } })),
  })
}

interface Terms {
  maxRisk: number
  burden: number
  size: number
  cap: number
}

/** What risk and score are made of. */
export function RiskTerms({ repositoryId }: { repositoryId?: string }) {
  const { slug } = useWorkspace()
  const risk = useRisk(repositoryId)
  return (
    <Panel
      title="What the risk is made of"
      actions={
        <Link
          to={'/w/$slug/findings' as never}
          params={{ slug } as never}
          search={{ repo: repositoryId, sort: '-risk' } as never}
          className="button small quiet"
        >
          Riskiest first
        </Link>
      }
    >
      <Loaded query={risk} rows={3}>
        {({ riskScore, level, securityScore, factors, terms }) => {
          const of = terms as Terms | null | undefined
          return (
            <>
              <Bars
                label="Terms of the risk"
                most={1}
                bars={[
                  { name: 'Risk', value: riskScore, said: riskScore.toFixed(2), about: level },
                  {
                    name: 'Critical pressure',
                    value: factors.criticalPressure,
                    said: factors.criticalPressure.toFixed(2),
                    about: 'how many critical findings are open',
                  },
                  {
                    name: 'Overdue',
                    value: factors.overdueRatio,
                    said: `${Math.round(factors.overdueRatio * 100)} %`,
                    about: 'open longer than 7, 30, 90, 180 days by severity',
                  },
                  {
                    name: 'Security debt',
                    value: securityScore == null ? 0 : factors.securityDebt,
                    said: securityScore == null ? '–' : factors.securityDebt.toFixed(2),
                    about: securityScore == null ? 'not rated' : 'what is missing to a score of 100',
                  },
                ]}
              />
              {of && <p className="panel-foot muted">{capText(of, securityScore)}</p>}
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}

/** Which of the two holds the score down: the worst finding, or all of them together. */
function capText({ cap, burden, size, maxRisk }: Terms, score: number | null | undefined): string {
  if (score == null) return 'Not rated: less than half of the code was covered by a scan.'
  if (maxRisk === 0) return 'Nothing is open, so nothing is taken off.'
  const worst = `the worst finding has a risk of ${maxRisk.toFixed(2)}, which allows at most ${cap}`
  const all = `all together weigh ${number(Math.round(burden))}, spread over a size of ${size.toFixed(1)}`
  return score >= cap ? `Capped at ${cap}: ${worst}.` : `Score ${score}: ${all}; ${worst}.`
}
