import { useQuery } from '@tanstack/react-query'
import { repositoryQuery } from '@/api/repository'
import type { Filter } from './filter'
import type { Facets } from './queries'

const lastPart = (name: string) => name.split('/').at(-1) ?? name

/** What the repository of a filter is called: as the counts of the list say, or asked for where they do not have it. */
export function useRepositoryName(filter: Filter, facets: Facets | undefined): (id: string) => string {
  const known = facets?.repository ?? []
  const asked = useQuery({
    ...repositoryQuery(filter.repo ?? ''),
    enabled: filter.repo !== undefined && facets !== undefined && known.every(({ value }) => value !== filter.repo),
  }).data
  return (id) => {
    const name = known.find(({ value }) => value === id)?.name ?? (asked?.id === id ? asked.fullName : undefined)
    return name ? lastPart(name) : id
  }
}

/** The repository that is called so, wholly or by the last part of its name. */
export function repositoryCalled(name: string, facets: Facets | undefined): string | undefined {
  return facets?.repository?.find((one) => one.name === name || lastPart(one.name ?? '') === name)?.value
}
