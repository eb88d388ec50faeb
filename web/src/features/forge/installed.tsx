import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { answer, api, enterWorkspace } from '@/api/client'
import { useMe } from '@/api/session'
import { Failed, SkeletonRows } from '@/ui/faces'
import { Page } from '@/ui/Page'

interface Back {
  workspace?: string
  installation?: string | number
  state?: string
}

/** Where GitHub leads back to after its app was installed for a workspace that is not the usual one: the server is asked in its name. */
export function Installed() {
  const me = useMe()
  const navigate = useNavigate()
  const { workspace: id, installation, state } = useSearch({ strict: false }) as Back
  const workspace = me.workspaces.find((one) => one.id === id)
  const come = useMutation({
    mutationFn: async () => {
      enterWorkspace(workspace?.id)
      const query = { installation_id: String(installation), state } as never
      // It leads on to a page, which a script cannot see and need not.
      const asked = api.GET('/integrations/github/callback', { params: { query }, redirect: 'manual' })
      if ((await asked).response.type !== 'opaqueredirect') await answer(asked)
    },
    onSuccess: () =>
      navigate({ to: '/w/$slug/repositories', params: { slug: workspace?.slug ?? '' }, search: { connect: true } as never }),
  })
  const { mutate } = come
  useEffect(() => {
    if (workspace) mutate()
  }, [workspace, mutate])
  return (
    <Page title="The app is installed">
      {come.isError ? (
        <Failed error={come.error} />
      ) : workspace ? (
        <SkeletonRows />
      ) : (
        <p>It is for a workspace that you have no part in.</p>
      )}
    </Page>
  )
}
