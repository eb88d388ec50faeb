// Who is signed in, and where they are.

import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { takeEarly } from '@/lib/early'
import { effective, type Role, reaches } from '@/lib/feature'
import { remembered } from '@/lib/stored'
import { answer, api, type Schemas } from './client'
import { Problem } from './problem'

export type Me = Schemas['Me']
export type Workspace = Me['workspaces'][number]

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await answer(api.GET('/auth/me', { fetch: (request) => takeEarly() ?? fetch(request) }))
    return { ...me, workspaces: me.workspaces.map((part) => ({ ...part, role: effective(me.role, part.role) })) }
  },
  staleTime: 60_000,
  retry: (count, error) => !(error instanceof Problem) && count < 3,
})

/** Which ways in there are; asked by nobody in particular. */
export const entranceQuery = queryOptions({
  queryKey: ['entrance'],
  queryFn: () => answer(api.GET('/config/public')),
  staleTime: 300_000,
})

/** Behind the sign-in only. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** For pages that are there for everybody. */
export function useMaybeMe(): Me | undefined {
  return useQuery({ ...meQuery, enabled: false }).data
}

/** The workspace of the address, or where it names none, the one that was open last. */
export function chooseWorkspace(me: Me, slug: string | undefined): Workspace | undefined {
  const by = (wanted: string | null | undefined) => me.workspaces.find((workspace) => workspace.slug === wanted)
  if (slug !== undefined) return by(slug)
  return by(remembered('workspace')) ?? by(me.currentWorkspace?.slug) ?? me.workspaces[0]
}

export function useWorkspace(): Workspace {
  const me = useMe()
  const { slug } = useParams({ strict: false })
  // At an address of nobody's what stands around the page is of the one that was open last.
  const found = chooseWorkspace(me, slug) ?? chooseWorkspace(me, undefined)
  if (!found) throw new Error('the route lets nobody in who has no part in the workspace')
  return found
}

/** Whether what needs this role is shown; the server decides in any case. */
export function useMay(role: Role): boolean {
  return reaches(useWorkspace().role, role)
}
