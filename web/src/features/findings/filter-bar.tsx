import { useQuery } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { SearchField } from '@/ui/SearchField'
import { SEVERITIES, SeverityMark } from '@/ui/Severity'
import { ALL_STATUSES, type Filter, ORDERS, parseTyped, STATUSES, toggled } from './filter'
import { Views } from './views'

/** How many there are of each value, under the other parts of the filter. */
export type Facets = Record<string, { value: string; count: number }[]>

/** Of the values that are chosen from. */
const MOST = 30

interface Props {
  filter: Filter
  /** All are of one repository. */
  inRepository: boolean
  change: (to: Partial<Filter>) => void
  facets: Facets | undefined
  total: number | undefined
}

export function FilterBar({ filter, inRepository, change, facets, total }: Props) {
  const { slug } = useWorkspace()
  const repositories = useQuery({
    queryKey: ['repositories', slug, 'names'],
    queryFn: () => answer(api.GET('/repositories', { params: { query: { limit: 100 } as never } })),
    enabled: !inRepository,
  })
  const named = (id: string) => {
    const name = repositories.data?.repositories.find((repository) => repository.id === id)?.fullName
    return name?.split('/').at(-1) ?? id
  }
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
  const typed = (text: string) => {
    const found = parseTyped(text)
    change({ ...found, q: found.q })
  }
  const chips = (['type', 'cwe', 'from', 'to'] as const).filter((field) => filter[field])
  const isNarrowed = Object.keys(filter).some((field) => field !== 'sort')
  return (
    <div className="toolbar no-print">
      <SearchField label="Filter: words, sev:high, rule:…" value={filter.q ?? ''} onChange={typed} />
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
        options={[...STATUSES.map(([status, label]) => counted('status', status, label)), [ALL_STATUSES, 'All']]}
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
          {{ type: 'is', cwe: 'is', from: 'since', to: 'before' }[field]} {filter[field]} ×
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
      <span className="muted num">{total !== undefined && `${number(total)} ${total === 1 ? 'finding' : 'findings'}`}</span>
    </div>
  )
}
