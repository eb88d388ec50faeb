import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { counted, number } from '@/lib/format'
import { remembered } from '@/lib/stored'
import { duration } from '@/lib/time'
import { Empty, Loaded } from '@/ui/faces'
import { Page, Panel } from '@/ui/Page'
import { SEVERITIES } from '@/ui/Severity'
import { Activity } from './activity'
import { Next, type Unknown, useUnknown } from './next'
import { statsQuery } from './queries'
import { RiskTerms, useRisk } from './risk'
import { ScanningNow } from './scanning'
import { TimesToFix, type TimeToFix } from './time-to-fix'
import { PeriodSelect, Trends } from './trends'
import './overview.css'

const HOUR_MS = 3_600_000

export function Overview() {
  const { slug } = useWorkspace()
  const stats = useQuery(statsQuery(slug))
  const [{ period }, change] = useFilter<{ period?: string }>()
  const isEmpty = stats.data?.totalRepositories === 0
  return (
    <Page title="Overview" actions={!isEmpty && <PeriodSelect value={period} onChange={(period) => change({ period })} />}>
      <Loaded query={stats} rows={3}>
        {(data) => (isEmpty ? <Nothing slug={slug} /> : <Whole stats={data} period={period} />)}
      </Loaded>
    </Page>
  )
}

function Whole({ stats, period }: { stats: Schemas['DashboardStats']; period: string | undefined }) {
  const { slug } = useWorkspace()
  const unknown = useUnknown(slug)
  const times = useTimes(slug)
  return (
    <>
      <Figures stats={stats} unknown={unknown} times={times.data} />
      <div className="overview">
        <div className="stack wide">
          <Next slug={slug} unknown={unknown} />
          <div id="time-to-fix">
            <Loaded query={times}>{(data) => <TimesToFix times={data} />}</Loaded>
          </div>
        </div>
        <div className="stack wide">
          <ScanningNow slug={slug} running={stats.scanningNow} />
          <Activity slug={slug} />
        </div>
      </div>
      <div className="charts">
        <Trends period={period} />
        <div id="risk" className="part">
          <RiskTerms />
        </div>
      </div>
    </>
  )
}

type Times = Record<string, TimeToFix>

function useTimes(slug: string) {
  return useQuery({
    queryKey: ['findings', slug, 'time-to-fix'],
    queryFn: () => answer(api.GET('/dashboard/time-to-fix')),
    select: ({ timeToFix }) => timeToFix as unknown as Times,
  })
}

/** A new workspace begins with its first repository, unless somebody wanted to look around before, or may not connect one. */
function Nothing({ slug }: { slug: string }) {
  const mayConnect = useMay('member')
  const welcome = '/w/$slug/welcome' as never
  // Who is on the way to another page already is not called back.
  const isLeaving = useRouterState({ select: (state) => state.isLoading })
  if (isLeaving) return null
  if (mayConnect && remembered(`welcome.${slug}`) !== 'skipped')
    return <Navigate to={welcome} params={{ slug } as never} replace />
  return (
    <Panel>
      <Empty
        title="Nothing is connected yet."
        action={
          mayConnect && (
            <Link to={welcome} params={{ slug } as never} className="button primary">
              Connect a repository
            </Link>
          )
        }
      >
        {mayConnect ? 'Connect a repository to have it scanned.' : 'A member connects a repository to have it scanned.'} What is
        found, and what to do about it first, stands here then.
      </Empty>
    </Panel>
  )
}

function Figures({
  stats,
  unknown,
  times,
}: {
  stats: Schemas['DashboardStats']
  unknown: Unknown | undefined
  times: Times | undefined
}) {
  const { slug } = useWorkspace()
  const risk = useRisk().data
  const change = stats.trends.lastWeek
  const score = stats.overallSecurityScore
  const time = timeToFix(stats, times)
  const gaps = unknown ? gapsOf(unknown) : []
  const inWorkspace = (path: string, search: object, what: ReactNode) => (
    <Link to={`/w/$slug/${path}` as never} params={{ slug } as never} search={search as never}>
      {what}
    </Link>
  )
  const below = (id: string, what: ReactNode) => (
    <Link to="." hash={id} search={true as never} replace>
      {what}
    </Link>
  )
  return (
    <div className="figures">
      <Figure
        name="Security score"
        value={inWorkspace('repositories', { sort: 'securityScore' }, score ?? 'not rated')}
        about={
          <>
            {score == null ? 'nothing has been scanned far enough' : risk?.grade}
            {gaps.length > 0 && (
              <>
                {' '}
                <span className="warn">!</span> {gaps.join(' · ')}
              </>
            )}
          </>
        }
      />
      <Figure name="Risk" value={below('risk', stats.riskScore.toFixed(2))} about={risk?.level ?? ''} />
      <Figure
        name="Open findings"
        value={inWorkspace('findings', {}, number(stats.totalVulnerabilities))}
        about={
          stats.totalVulnerabilities === 0 && gaps.length > 0
            ? 'in what could be scanned'
            : change === 0
              ? 'as many as a week ago'
              : `${change > 0 ? '▲' : '▼'} ${number(Math.abs(change))} in 7 days`
        }
      />
      <Figure
        name={`Time to fix (${time.measure})`}
        value={time.value ? below('time-to-fix', time.value) : '–'}
        about={time.about}
      />
    </div>
  )
}

/** What a good figure does not tell of. */
function gapsOf({ failed, never }: Unknown): string[] {
  return [
    failed.total > 0 ? `the last scan of ${counted(failed.total, 'repository', 'repositories')} failed` : '',
    never.total > 0 ? `${number(never.total)} never scanned` : '',
  ].filter(Boolean)
}

/** The median of the worst severity that has one; of all severities together there is only the mean. */
function timeToFix(stats: Schemas['DashboardStats'], times: Times | undefined) {
  const worst = SEVERITIES.find((severity) => times?.[severity]?.median != null)
  const { median, p90 } = (worst && times?.[worst]) ?? {}
  const hours = (value: number) => duration(value * HOUR_MS)
  if (median != null)
    return {
      measure: 'median',
      value: hours(median),
      about: `of ${worst} findings${p90 == null ? '' : `, nine in ten within ${hours(p90)}`}`,
    }
  if (stats.mttrHours == null) return { measure: 'median', value: undefined, about: 'too few fixes for a figure' }
  return { measure: 'mean', value: hours(stats.mttrHours), about: 'over 90 days' }
}

function Figure({ name, value, about }: { name: string; value: ReactNode; about: ReactNode }) {
  return (
    <div className="panel figure">
      <h2>{name}</h2>
      <p className="value num">{value}</p>
      <p className="caption">{about}</p>
    </div>
  )
}
