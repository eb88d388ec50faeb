import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { Button } from '@/ui/Button'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Pager } from '@/ui/Pager'
import { toast } from '@/ui/toast'
import { type InvitationBody, InvitationTable, InviteDialog } from './invitation-parts'
import { ROLES } from './roles'

export function Invitations() {
  const { id, name } = useWorkspace()
  const [{ invite: open, page = 1 }, change] = useFilter<{ invite?: boolean; page?: number }>()
  const client = useQueryClient()
  const setOpen = (invite: boolean) => change({ invite })
  const list = useQuery({
    queryKey: ['invitations', id, page],
    queryFn: () => answer(api.GET('/workspaces/{id}/invitations', { params: { path: { id }, query: { page } as never } })),
  })
  const refresh = () => client.invalidateQueries({ queryKey: ['invitations', id] })
  const invite = useMutation({
    mutationFn: (body: InvitationBody) => answer(api.POST('/workspaces/{id}/invitations', { params: { path: { id } }, body })),
    onSuccess: refresh,
  })
  const revoke = useMutation({
    mutationFn: (invitation: { id: string }) =>
      answer(
        api.DELETE('/workspaces/{id}/invitations/{invitation_id}', { params: { path: { id, invitation_id: invitation.id } } }),
      ),
    onSuccess: () => toast('The invitation works no more'),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const resend = useMutation({
    mutationFn: (invitation: { id: string; email?: string | null }) =>
      answer(
        api.POST('/workspaces/{id}/invitations/{invitation_id}/resend', {
          params: { path: { id, invitation_id: invitation.id } },
        }),
      ),
    onSuccess: (_, { email }) => toast(`A new link is on its way to ${email}; the one before works no more`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const button = (
    <Button look="primary" small onClick={() => setOpen(true)}>
      Invite…
    </Button>
  )
  return (
    <>
      <Panel title="Invitations" actions={list.data && list.data.total > 0 && button}>
        <Loaded query={list} rows={3}>
          {(data) =>
            data.invitations.length === 0 ? (
              <Empty title="Nobody is invited." action={button}>
                An invitation is a link that somebody opens to join {name}.
              </Empty>
            ) : (
              <>
                <InvitationTable items={data.invitations} revoke={revoke.mutate} resend={resend.mutate} />
                <Pager page={data.page} perPage={data.perPage} total={data.total} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {open && (
        <InviteDialog
          title={`Invite into ${name}`}
          roles={ROLES.filter(([role]) => role !== 'owner')}
          usual="member"
          isMailed
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
