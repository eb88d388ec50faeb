import { useQuery } from '@tanstack/react-query'
import { repositoryQuery } from '@/api/repository'
import { number } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { SearchField } from '@/ui/SearchField'
import { SEVERITIES, SeverityMark } from '@/ui/Severity'
import { ALL_STATUSES, type Filter, isNegated, ORDERS, readTyped, STATUSES, toggled } from './filter'
import { Views } from './views'

/** How many there are of each value, under the other parts of the filter. */
export type Facets = Record<string, { value: string; name?: string; count: number }[]>

/** Of the values that are chosen from. */
const MOST = 30

/** How a chip begins. */
const SAID = { severity: 'is not', status: 'is not', type: 'is', cwe: 'is', from: 'since', to: 'before' }

interface Props {
  filter: Filter
  /** All are of one repository. */
  inRepository: boolean
  change: (to: Partial<Filter>) => void
  facets: Facets | undefined
  total: number | undefined
}

export function FilterBar({ filter, inRepository, change, facets, total }: Props) {
  const repositories = facets?.repository ?? []
  const lastPart = (name: string | undefined) => name?.split('/').at(-1)
  const chosenRepository = useQuery({
    ...repositoryQuery(filter.repo ?? ''),
    enabled: !inRepository && filter.repo !== undefined && repositories.every(({ value }) => value !== filter.repo),
  }).data
  const named = (id: string) => {
    const name = repositories.find(({ value }) => value === id)?.name
    return lastPart(name ?? (chosenRepository?.id === id ? chosenRepository.fullName : undefined)) ?? id
  }
  const repositoryCalled = (name: string) =>
    inRepository ? undefined : repositories.find((one) => one.name === name || lastPart(one.name) === name)?.value
  const count = (facet: string, value: string) => facets?.[facet]?.find((one) => one.value === value)?.count
  const counted = (facet: string, value: string, name: string) => {
    const known = count(facet, value)
    return [value, known === undefined ? name : `${name} (${number(known)})`] as const
  }
  const choices = (facet: string, chosen: string | undefined, name: (value: string) => string) => {
    const values = facets?.[facet]?.slice(0, MOST).map(({ value }) => value) ?? []
    // What is chosen stays to be seen, whatever else narrows the list.
    if (chosen && !values.includes(chosen)) values.unshift(chosen)
    return values.map((value) => counted(facet, value, name(value)))
  }
  const chosen = filter.severity?.split(',') ?? []
  const take = (text: string) => {
    const typed = readTyped(text, repositoryCalled)
    if (Object.keys(typed.filter).length > 0) change(typed.filter)
    return typed.rest
  }
  const words = (text: string) => change({ q: readTyped(text, repositoryCalled).words })
  // What no other part of the bar shows.
  const chips = (['severity', 'status', 'type', 'cwe', 'from', 'to'] as const).filter((field) =>
    field === 'severity' || field === 'status' ? isNegated(filter[field]) : filter[field],
  )
  const isNarrowed = Object.keys(filter).some((field) => field !== 'sort')
  return (
    <div className="toolbar no-print">
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
          ...STATUSES.map(([status, label]) => counted('status', status, label)),
          [ALL_STATUSES, 'All'],
          ...(isNegated(filter.status) ? [[filter.status ?? '', 'Others'] as const] : []),
        ]}
        onChange={(status) => change({ status })}
      />
      {!inRepository && (
        <FilterSelect
          label="Repository"
          value={filter.repo}
          options={[['', 'Every repository'], ...choices('repository', filter.repo, named)]}
          onChange={(repo) => change({ repo })}
        />
      )}
      <FilterSelect
        label="Rule"
        value={filter.rule}
        options={[['', 'Every rule'], ...choices('rule', filter.rule, (rule) => rule)]}
        onChange={(rule) => change({ rule })}
      />
      <FilterSelect label="Sort" value={filter.sort} options={ORDERS} onChange={(sort) => change({ sort })} />
      {chips.map((field) => (
        <Button small key={field} onClick={() => change({ [field]: undefined })}>
          {SAID[field]} {filter[field]?.replace('!', '').replaceAll('_', ' ').replaceAll(',', ' or ')} ×
          <span className="unseen">, take it away</span>
        </Button>
      ))}
      <Views filter={filter} />
      {isNarrowed && (
        <Button
          small
          look="quiet"
          onClick={() => change(Object.fromEntries(Object.keys(filter).map((field) => [field, undefined])))}
        >
          Clear
        </Button>
      )}
      <span className="muted num filter-count">
        {total !== undefined && `${number(total)} ${total === 1 ? 'finding' : 'findings'}`}
      </span>
    </div>
  )
}
