import { useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { counted } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { announce } from '@/ui/announce'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'
import { SEVERITIES } from '@/ui/Severity'
import { type Filter, partsOf, readFilter, toggled } from './filter'
import { FilterBar } from './filter-bar'
import { Grid } from './grid'
import { Groups, readGroup } from './groups'
import { useRepositoryName } from './names'
import { News } from './news'
import { NoneOpen, NothingMatches } from './nothing'
import { type Facets, useFindings, useNews } from './queries'
import { ExportMenu, ViewMenu } from './view-menu'
import { Views } from './views'
import './findings.css'

export function Findings() {
  return (
    <FindingList>
      {(list, menus) => (
        <Page title="Findings" actions={menus}>
          {list}
        </Page>
      )}
    </FindingList>
  )
}

export function RepositoryFindings() {
  const { id } = useParams({ strict: false }) as { id?: string }
  return <FindingList repo={id} />
}

interface Props {
  /** Those of all repositories, or of one. */
  repo?: string
  /** The page around it, where there is a head for the menus. */
  children?: (list: ReactNode, menus: ReactNode) => ReactNode
}

function FindingList({ repo, children }: Props) {
  const { slug } = useWorkspace()
  const inRepository = repo !== undefined
  const [search, change] = useFilter<Filter & { group?: string }>()
  const filter = useMemo(() => readFilter(search), [search])
  const whole = useMemo(() => (repo ? { ...filter, repo } : filter), [filter, repo])
  const group = readGroup(search.group)
  const list = useFindings(slug, whole)
  const rows = list.data
  const facets = rows?.facets as Facets | undefined
  const total = rows?.at.length
  const news = useNews(slug, whole, list.isPlaceholderData ? undefined : rows)
  const named = useRepositoryName(inRepository ? {} : filter, facets)
  useEffect(() => {
    if (total !== undefined) announce(counted(total, 'finding'))
  }, [total])
  useEffect(() => {
    // Where there is nothing, nothing moves.
    if (total === 0 && news.newer > 0) list.renew()
  }, [total, news.newer])
  useKeys(
    SEVERITIES.map((severity, at) => ({
      keys: String(at + 1),
      label: `Only ${severity}, or not`,
      group: 'List',
      run: () => change({ severity: toggled(filter.severity, severity) }),
    })),
  )
  const parts = partsOf(filter)
  const menus = (
    <>
      <ViewMenu group={group} inRepository={inRepository} change={change} />
      <ExportMenu filter={whole} inRepository={inRepository} />
      <Views filter={filter} />
    </>
  )
  const content = (
    <>
      <FilterBar
        filter={filter}
        whole={whole}
        inRepository={inRepository}
        change={change}
        named={named}
        facets={facets}
        total={total}
        menus={!children && menus}
        news={news.newer + news.gone > 0 && total !== 0 && rows?.asOf && <News {...news} since={rows.asOf} show={list.renew} />}
      />
      {group ? (
        <Groups
          group={group}
          filter={whole}
          open={(value) => change({ group: undefined, [group === 'rule' ? 'rule' : 'repo']: value })}
        />
      ) : rows && rows.at.length > 0 ? (
        <Grid rows={rows} filter={whole} isOld={list.isPlaceholderData} inRepository={inRepository} />
      ) : (
        <section className="panel">
          {rows && parts.length > 0 ? (
            <NothingMatches
              filter={filter}
              whole={whole}
              named={named}
              change={change}
              clear={() => change(Object.fromEntries(parts.map((part) => [part, undefined])))}
            />
          ) : rows ? (
            <NoneOpen repo={repo} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => list.refetch()} />
          ) : (
            <SkeletonRows rows={16} />
          )}
        </section>
      )}
    </>
  )
  return children ? children(content, menus) : content
}
