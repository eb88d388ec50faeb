import { queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'

/** A repository, which several modules show parts of. */
export const repositoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['repositories', 'one', id],
    queryFn: () => answer(api.GET('/repositories/{id}', { params: { path: { id } } })),
  })

/** A file as a commit has it, as text. */
export const textQuery = (id: string, path: string, ref: string) =>
  queryOptions({
    queryKey: ['text', id, path, ref],
    queryFn: async () => {
      const query = { path, ref } as never
      const { content } = await answer(api.GET('/repositories/{id}/file', { params: { path: { id }, query } }))
      return content.replaceAll('\r\n', '\n')
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
