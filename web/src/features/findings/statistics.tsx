import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { number } from '@/lib/format'
import { duration } from '@/lib/time'
import { Bars } from '@/ui/chart/Bars'
import { visible } from '@/ui/code/Text'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Path } from '@/ui/Path'
import type { Filter } from './filter'
import { RiskTerms } from './risk'
import { TimesToFix, type TimeToFix } from './time-to-fix'
import { PeriodSelect, Trends } from './trends'
import './overview.css'

/** The numbers of one repository. */
export function RepositoryStatistics() {
  const { slug } = useWorkspace()
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const [{ period }, change] = useFilter<{ period?: string }>()
  const statistics = useQuery({
    queryKey: ['findings', slug, 'statistics', id],
    queryFn: () => answer(api.GET('/repositories/{id}/statistics', { params: { path: { id } } })),
  })
  return (
    <>
      <div className="toolbar">
        <PeriodSelect value={period} onChange={(period) => change({ period })} />
      </div>
      <div className="charts">
        <Trends period={period} repositoryId={id} />
        <RiskTerms repositoryId={id} />
      </div>
      <Loaded query={statistics}>{(data) => <Shares data={data} id={id} />}</Loaded>
    </>
  )
}

function Shares({ data, id }: { data: Schemas['Statistics']; id: string }) {
  const { scans, coverage } = data
  return (
    <div className="shares">
      <TimesToFix times={data.timeToFix as unknown as Record<string, TimeToFix>} />
      <Where title="By what they are" shares={data.byType} filter={(name) => ({ repo: id, type: name })} />
      <Where title="By file" shares={data.byFile} filter={(name) => ({ repo: id, path: name })} isPath />
      <Where title="By weakness" shares={data.byCwe} filter={(name) => ({ repo: id, cwe: name })} />
      <Where title="By OWASP category" shares={data.byOwasp} filter={(name) => ({ repo: id, owasp: name })} />
      <Panel title="Scans" padded>
        <dl className="facts">
          <dt>Scans</dt>
          <dd className="num">
            {number(scans.total)}
            {scans.failed > 0 && `, ${number(scans.failed)} failed`}
          </dd>
          <dt>Mean duration</dt>
          <dd className="num">{scans.averageDurationMs == null ? '–' : duration(scans.averageDurationMs)}</dd>
          <dt>Code covered</dt>
          <dd className="num">{coverage == null ? 'not known' : `${Math.floor(coverage * 100)} %`}</dd>
          <dt>Last 30 days</dt>
          <dd className="num">
            {number(data.openedLast30Days)} opened, {number(data.fixedLast30Days)} fixed
          </dd>
        </dl>
      </Panel>
    </div>
  )
}

/** As many as can be taken in at once. */
const SHOWN = 10

function Where({
  title,
  shares,
  filter,
  isPath,
}: {
  title: string
  shares: Schemas['StatisticsShare'][]
  /** The list behind a bar. */
  filter: (name: string) => Filter
  isPath?: boolean
}) {
  const { slug } = useWorkspace()
  return (
    <Panel title={title}>
      {shares.length === 0 ? (
        <Empty title="Nothing is open." />
      ) : (
        <Bars
          label={title}
          bars={shares.slice(0, SHOWN).map(({ name, count }) => ({
            name,
            value: count,
            said: number(count),
            label: (
              <Link to={'/w/$slug/findings' as never} params={{ slug } as never} search={filter(name) as never} title={name}>
                {isPath ? <Path path={name} /> : visible(name)}
              </Link>
            ),
          }))}
        />
      )}
    </Panel>
  )
}
