import { queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'

/** A repository, which several modules show parts of. */
export const repositoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['repositories', 'one', id],
    queryFn: () => answer(api.GET('/repositories/{id}', { params: { path: { id } } })),
  })
