import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number, words } from '@/lib/format'
import { remembered } from '@/lib/stored'
import { duration } from '@/lib/time'
import { Empty, Loaded } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { SEVERITIES, Severity, SeverityMark } from '@/ui/Severity'
import { Time } from '@/ui/Time'
import { statsQuery, useFindings } from './queries'
import { RiskTerms, useRisk } from './risk'
import { ScanningNow } from './scanning'
import { reachText } from './status'
import { TimesToFix, type TimeToFix } from './time-to-fix'
import { PeriodSelect, Trends } from './trends'
import './overview.css'

const HOUR_MS = 3_600_000
/** As many as fit beside the activity. */
const NEXT = 8

export function Overview() {
  const { slug } = useWorkspace()
  const stats = useQuery(statsQuery(slug))
  const risk = useRisk()
  const [{ period }, change] = useFilter<{ period?: string }>()
  return (
    <Page title="Overview" actions={<PeriodSelect value={period} onChange={(period) => change({ period })} />}>
      <Loaded query={stats} rows={3}>
        {(data) =>
          data.totalRepositories === 0 ? (
            <Nothing slug={slug} />
          ) : (
            <>
              <Figures stats={data} risk={risk.data} slug={slug} />
              <div className="overview">
                <div className="stack wide">
                  <Next slug={slug} />
                  <WorkspaceTimes />
                </div>
                <div className="stack wide">
                  <ScanningNow slug={slug} />
                  <Activity slug={slug} />
                </div>
              </div>
              <div className="charts">
                <Trends period={period} />
                <RiskTerms />
              </div>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function WorkspaceTimes() {
  const { slug } = useWorkspace()
  const times = useQuery({
    queryKey: ['findings', slug, 'time-to-fix'],
    queryFn: () => answer(api.GET('/dashboard/time-to-fix')),
  })
  return <Loaded query={times}>{(data) => <TimesToFix times={data.timeToFix as unknown as Record<string, TimeToFix>} />}</Loaded>
}

/** A new workspace begins with its first repository, unless somebody wanted to look around before. */
function Nothing({ slug }: { slug: string }) {
  const welcome = '/w/$slug/welcome' as never
  // Who is on the way to another page already is not called back.
  const isLeaving = useRouterState({ select: (state) => state.isLoading })
  if (isLeaving) return null
  if (remembered(`welcome.${slug}`) !== 'skipped') return <Navigate to={welcome} params={{ slug } as never} replace />
  return (
    <Panel>
      <Empty
        title="Nothing is connected yet."
        action={
          <Link to={welcome} params={{ slug } as never} className="button primary">
            Connect a repository
          </Link>
        }
      >
        Connect a repository to have it scanned. What is found, and what to do about it first, stands here then.
      </Empty>
    </Panel>
  )
}

function Figures({
  stats,
  risk,
  slug,
}: {
  stats: Schemas['DashboardStats']
  risk: Schemas['RiskScore'] | undefined
  slug: string
}) {
  const change = stats.trends.lastWeek
  return (
    <div className="figures">
      <Figure
        name="Security score"
        value={stats.overallSecurityScore ?? 'not rated'}
        about={stats.overallSecurityScore == null ? 'nothing has been scanned far enough' : (risk?.grade ?? '')}
      />
      <Figure name="Risk" value={stats.riskScore.toFixed(2)} about={risk?.level ?? ''} />
      <Figure
        name="Open findings"
        value={
          <Link to={'/w/$slug/findings' as never} params={{ slug } as never}>
            {number(stats.totalVulnerabilities)}
          </Link>
        }
        about={change === 0 ? 'as many as a week ago' : `${change > 0 ? '▲' : '▼'} ${number(Math.abs(change))} in 7 days`}
      />
      <Figure
        name="Time to fix (mean)"
        value={stats.mttrHours == null ? '–' : duration(stats.mttrHours * HOUR_MS)}
        about={stats.mttrHours == null ? 'too few fixes for a figure' : 'over 90 days'}
      />
    </div>
  )
}

function Figure({ name, value, about }: { name: string; value: ReactNode; about: string }) {
  return (
    <div className="panel figure">
      <h2>{name}</h2>
      <p className="value num">{value}</p>
      <p className="caption">{about}</p>
    </div>
  )
}

/** Repositories of which nothing is known, or no more: what is not looked at comes before what was found. */
function useUnknown(slug: string, scanStatus: 'failed' | 'pending') {
  return useQuery({
    queryKey: ['repositories', slug, 'unknown', scanStatus],
    queryFn: () => answer(api.GET('/repositories', { params: { query: { scanStatus, limit: 2 } as never } })),
  }).data
}

function Unknown({ slug, of, one, many = one }: { slug: string; of: Schemas['RepositoryList']; one: string; many?: string }) {
  const [first, second] = of.repositories
  if (!first) return null
  return (
    <li>
      <span className="bad" aria-hidden="true">
        ✕
      </span>
      <span className="grow said">
        {second ? (
          <Link to={'/w/$slug/repositories' as never} params={{ slug } as never} search={{ sort: 'lastScanAt' } as never}>
            {number(of.total)} repositories
          </Link>
        ) : (
          <Link to={'/w/$slug/repositories/$id' as never} params={{ slug, id: first.id } as never}>
            {first.name}
          </Link>
        )}{' '}
        {second ? many : one}
      </span>
    </li>
  )
}

/** What nobody knows, then the worst open findings: where to begin. */
function Next({ slug }: { slug: string }) {
  const list = useFindings(slug, { sort: '-risk' })
  const [failed, never] = [useUnknown(slug, 'failed'), useUnknown(slug, 'pending')]
  const unknown = [failed, never].filter((list) => list && list.total > 0).length
  const rows = list.data?.pages[0]?.vulnerabilities.slice(0, NEXT - unknown) ?? []
  return (
    <Panel
      title="What to do next"
      actions={
        <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={{ sort: '-risk' } as never}>
          All
        </Link>
      }
    >
      {list.data && rows.length === 0 && unknown === 0 && <Empty title="No open findings." />}
      <ol className="next">
        {failed && <Unknown slug={slug} of={failed} one="could not be scanned the last time" />}
        {never && <Unknown slug={slug} of={never} one="was never scanned" many="were never scanned" />}
        {rows.map((finding) => (
          <li key={finding.id}>
            <SeverityMark severity={finding.severity} />
            <div className="grow">
              <Link to={'/w/$slug/findings/$id' as never} params={{ slug, id: finding.id } as never}>
                {finding.type}
              </Link>{' '}
              <span className="muted">{reachText(finding.reach)}</span>
              <p className="clip mono muted">
                {finding.repositoryName} {finding.filePath}:{finding.lineNumber}
              </p>
            </div>
            <span className="caption">
              <Time at={finding.detectedAt} />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** As many as are asked for; what is alike becomes one line. */
const LINES = 60

type Event = Schemas['Activity']

/** Neighbours that say the same of the same repository, with the worst of them in front. */
function folded(activities: Event[]): { activity: Event; count: number }[] {
  const lines: { activity: Event; count: number }[] = []
  const rank = (severity: string) => SEVERITIES.indexOf(severity as never)
  for (const activity of activities) {
    const last = lines.at(-1)
    if (last && last.activity.eventType === activity.eventType && last.activity.repositoryId === activity.repositoryId) {
      last.count += 1
      if (rank(activity.severity) < rank(last.activity.severity))
        last.activity = { ...last.activity, severity: activity.severity }
    } else lines.push({ activity, count: 1 })
  }
  return lines
}

function Activity({ slug }: { slug: string }) {
  const list = useQuery({
    queryKey: ['findings', slug, 'activity'],
    queryFn: () => answer(api.GET('/dashboard/activity', { params: { query: { limit: LINES } as never } })),
  })
  return (
    <Panel title="Activity">
      <Loaded query={list}>
        {({ activities }) =>
          activities.length === 0 ? (
            <Empty title="Nothing has happened yet." />
          ) : (
            <ul className="next">
              {folded(activities).map(({ activity, count }) => (
                <li key={activity.id}>
                  <span className="grow">
                    {count > 1 && <span className="num">{count} × </span>}
                    {words(activity.eventType)} <span className="muted">{activity.repositoryName?.split('/').at(-1)}</span>
                  </span>
                  {activity.severity !== 'info' && <Severity severity={activity.severity} />}
                  <span className="caption">
                    <Time at={activity.createdAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
