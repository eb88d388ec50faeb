import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { Button } from '@/ui/Button'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Pager } from '@/ui/Pager'
import { toast } from '@/ui/toast'
import { type InvitationBody, InvitationTable, InviteDialog } from './invitation-parts'

const ROLES: [string, string][] = [
  ['user', 'has workspaces of their own'],
  ['viewer', 'looks at what they are invited into'],
  ['operator', 'runs missions where they are invited'],
  ['admin', 'administers the whole installation'],
]

export function PlatformInvitations() {
  const { page = 1 } = useSearch({ strict: false }) as { page?: number }
  const [open, setOpen] = useState(false)
  const client = useQueryClient()
  const list = useQuery({
    queryKey: ['platform-invitations', page],
    queryFn: () => answer(api.GET('/admin/invitations', { params: { query: { page } as never } })),
  })
  const refresh = () => client.invalidateQueries({ queryKey: ['platform-invitations'] })
  const invite = useMutation({
    mutationFn: (body: InvitationBody) => answer(api.POST('/admin/invitations', { body })),
    onSuccess: refresh,
  })
  const revoke = useMutation({
    mutationFn: (invitation: { id: string }) =>
      answer(api.DELETE('/admin/invitations/{id}', { params: { path: { id: invitation.id } } })),
    onSuccess: () => toast('The invitation works no more'),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <>
      <Panel
        title="Invitations onto the installation"
        actions={
          <Button look="primary" small onClick={() => setOpen(true)}>
            Invite…
          </Button>
        }
      >
        <Loaded query={list} rows={3}>
          {(data) =>
            data.invitations.length === 0 ? (
              <Empty title="Nobody is invited." />
            ) : (
              <>
                <InvitationTable items={data.invitations} revoke={revoke.mutate} />
                <Pager page={data.page} perPage={data.perPage} total={data.total} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {open && (
        <InviteDialog
          title="Invite onto the installation"
          roles={ROLES}
          usual="user"
          invite={invite}
          onClose={() => {
            invite.reset()
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
