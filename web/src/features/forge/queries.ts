import { queryOptions } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'

export type Whole = Schemas['Repository']

/** Of the address. */
export function useRepositoryId(): string {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  return id
}

export interface Entry {
  path: string
  type: 'file' | 'link' | 'submodule'
  size: number
}

export const treeQuery = (id: string) =>
  queryOptions({
    queryKey: ['tree', id],
    queryFn: async () => {
      const { tree, ...rest } = await answer(api.GET('/repositories/{id}/tree', { params: { path: { id } } }))
      return { ...rest, entries: tree as unknown as Entry[] }
    },
    retry: false,
  })

export const fileQuery = (id: string, path: string, ref: string | undefined) =>
  queryOptions({
    queryKey: ['file', id, path, ref],
    queryFn: () => answer(api.GET('/repositories/{id}/file', { params: { path: { id }, query: { path, ref } as never } })),
    retry: false,
  })

/** What a commit changes of its first parent; of one file by itself with a path. */
export const diffQuery = (repositoryId: string, hash: string, path?: string) =>
  queryOptions({
    queryKey: ['diff', 'commit', repositoryId, hash, path],
    queryFn: () =>
      answer(api.GET('/commits/{hash}/diff', { params: { path: { hash }, query: { repositoryId, path } as never } })),
    // Commits never change.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
