// How findings came and went, of a workspace or of a repository.

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { Chart } from '@/ui/chart/Chart'
import { course, type Plot } from '@/ui/chart/plot'
import { FilterSelect } from '@/ui/FilterSelect'
import { Failed } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SEVERITIES } from '@/ui/Severity'
import { ALL_STATUSES } from './filter'

type Point = Schemas['TrendPoint']

export const PERIODS = [
  ['30d', '30 days'],
  ['7d', '7 days'],
  ['90d', '90 days'],
  ['365d', 'a year'],
] as const

/** Marks at which the grade of a score changes. */
const GRADES = [40, 60, 80, 90]

export function PeriodSelect({ value, onChange }: { value: string | undefined; onChange: (period: string | undefined) => void }) {
  return <FilterSelect label="Period" value={value} options={PERIODS} onChange={onChange} />
}

export function Trends({ period, repositoryId }: { period: string | undefined; repositoryId?: string }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const trends = useQuery({
    queryKey: ['findings', slug, 'trends', { period, repositoryId }],
    queryFn: () => answer(api.GET('/dashboard/trends', { params: { query: { period, repositoryId } as never } })),
    placeholderData: (before) => before,
  })
  if (trends.isError) {
    return (
      <Panel title="Trends">
        <Failed error={trends.error} retry={() => trends.refetch()} />
      </Panel>
    )
  }
  const points = trends.data?.points ?? []
  const said = PERIODS.find(([value]) => value === (period ?? '30d'))?.[1] ?? ''
  const opened = (at: number) =>
    navigate({
      to: '/w/$slug/findings' as never,
      params: { slug } as never,
      search: { repo: repositoryId, status: ALL_STATUSES, from: points[at]?.date, to: points[at + 1]?.date } as never,
    })
  return (
    <>
      <Chart
        title="Open findings"
        sentence={`Open findings ${course(points.map(({ total }) => total))} in ${said}`}
        plot={open(points)}
      />
      <Chart
        title="What changed"
        sentence={`${sum(points, 'opened')} opened, ${sum(points, 'fixed')} fixed in ${said}`}
        plot={changes(points)}
        onOpen={opened}
      />
      <Chart
        title="Security score"
        sentence={`The score ${course(points.map(({ securityScore }) => securityScore ?? null))} in ${said}`}
        plot={scores(points)}
      />
    </>
  )
}

function plotted(points: Point[], plot: Omit<Plot, 'dates'>): Plot {
  return { ...plot, dates: points.map(({ date }) => date) }
}

/** What is open and none of the others: the layers add up to the number that is told. */
function infoOf({ total, critical, high, medium, low }: Point): number {
  return Math.max(0, total - critical - high - medium - low)
}

/** Critical at the base. */
function open(points: Point[]): Plot {
  const series = SEVERITIES.map((severity) => ({
    name: severity.charAt(0).toUpperCase() + severity.slice(1),
    severity,
    values: points.map((point) => (severity === 'info' ? infoOf(point) : point[severity])),
  }))
  return plotted(points, { kind: 'stack', series })
}

function changes(points: Point[]): Plot {
  const series = [
    { name: 'Opened', values: points.map(({ opened }) => opened) },
    { name: 'Fixed', values: points.map(({ fixed }) => fixed) },
    { name: 'Balance', values: points.map(({ opened, fixed }) => opened - fixed) },
  ]
  return plotted(points, { kind: 'change', series })
}

function scores(points: Point[]): Plot {
  const series = [{ name: 'Score', values: points.map(({ securityScore }) => securityScore ?? null) }]
  return plotted(points, { kind: 'line', series, most: 100, marks: GRADES })
}

function sum(points: Point[], field: 'opened' | 'fixed'): number {
  return points.reduce((all, point) => all + point[field], 0)
}
