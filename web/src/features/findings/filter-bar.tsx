import type { ReactNode } from 'react'
import { counted, number } from '@/lib/format'
import { Button } from '@/ui/Button'
import { visible } from '@/ui/code/Text'
import { FilterSelect } from '@/ui/FilterSelect'
import { SearchField } from '@/ui/SearchField'
import { SEVERITIES, SeverityMark } from '@/ui/Severity'
import { ALL_STATUSES, type Filter, isNegated, ORDERS, partsOf, phrase, readTyped, STATUSES, toggled } from './filter'
import { FilterMenu } from './filter-menu'
import { repositoryCalled } from './names'
import type { Facets } from './queries'

interface Props {
  filter: Filter
  /** As the list is asked for: with the repository that it is of. */
  whole: Filter
  /** All are of one repository. */
  inRepository: boolean
  change: (to: Partial<Filter>) => void
  named: (repository: string) => string
  facets: Facets | undefined
  total: number | undefined
  /** Where no head of the page is there for them. */
  menus?: ReactNode
  /** What was found meanwhile. */
  news: ReactNode
}

export function FilterBar({ filter, whole, inRepository, change, named, facets, total, menus, news }: Props) {
  const called = (name: string) => (inRepository ? undefined : repositoryCalled(name, facets))
  const count = (facet: string, value: string) => facets?.[facet]?.find((one) => one.value === value)?.count
  const status = (value: string, name: string) => {
    const known = count('status', value)
    return [value, known === undefined ? name : `${name} (${number(known)})`] as const
  }
  const chosen = filter.severity?.split(',') ?? []
  const take = (text: string) => {
    const typed = readTyped(text, called)
    if (Object.keys(typed.filter).length > 0) change(typed.filter)
    return typed.rest
  }
  const words = (text: string) => change({ q: readTyped(text, called).words })
  const parts = partsOf(filter)
  // What no other part of the bar shows.
  const isShown = { q: true, severity: !isNegated(filter.severity), status: isOffered(filter.status) } as Record<string, boolean>
  const chips = parts.filter((part) => !isShown[part])
  return (
    <div className="stack no-print">
      <div className="toolbar finding-filter">
        <SearchField label="Filter: words, sev:high, -status:fixed, repo:…" value={filter.q ?? ''} onChange={words} take={take} />
        <fieldset className="fieldset row severity-filter" aria-label="Severity">
          {SEVERITIES.map((severity) => (
            <button
              key={severity}
              type="button"
              className="button small quiet"
              aria-pressed={chosen.includes(severity)}
              onClick={() => change({ severity: toggled(filter.severity, severity) })}
            >
              <SeverityMark severity={severity} />
              <span className="num">{number(count('severity', severity) ?? 0)}</span>
            </button>
          ))}
        </fieldset>
        <FilterSelect
          label="Status"
          value={filter.status}
          options={[
            ...STATUSES.map(([value, name]) => status(value, name)),
            [ALL_STATUSES, 'All'],
            ...(isOffered(filter.status) ? [] : [[filter.status ?? '', 'Others'] as const]),
          ]}
          onChange={(status) => change({ status })}
        />
        <FilterMenu filter={filter} whole={whole} inRepository={inRepository} change={change} />
        <FilterSelect label="Sort" value={filter.sort} options={ORDERS} onChange={(sort) => change({ sort })} />
        {menus}
      </div>
      {/* Always there, so that nothing below it moves when there is more to say. */}
      <div className="row wrap filter-line">
        <span className="muted num">{total !== undefined && counted(total, 'finding')}</span>
        {chips.map((part) => (
          <Button small key={part} onClick={() => change({ [part]: undefined })}>
            <span className="clip">{visible(phrase(part, filter[part] ?? '', named))}</span> ×
            <span className="unseen">, take it away</span>
          </Button>
        ))}
        {parts.length > 0 && (
          <Button
            small
            look="quiet"
            onClick={() => change(Object.fromEntries([...parts, 'sort'].map((part) => [part, undefined])))}
          >
            Clear
          </Button>
        )}
        {news}
      </div>
    </div>
  )
}

/** Whether the choice of statuses has it. */
function isOffered(status: string | undefined): boolean {
  return status === undefined || status === ALL_STATUSES || STATUSES.some(([value]) => value === status)
}
