import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { said } from '@/api/problem'
import { useMay, useMe, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { initials } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { IconButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Menu } from '@/ui/Menu'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { type Member, type MembersFilter, membersQuery } from './members-query'
import { ROLES } from './roles'

export function Members() {
  const { id, slug } = useWorkspace()
  const [{ q, role, page }, filter] = useFilter<MembersFilter>()
  const mayManage = useMay('admin')
  const list = useQuery(membersQuery(id, { q, role, page }))
  return (
    <>
      <div className="toolbar">
        <SearchField label="Filter by name or address" value={q ?? ''} onChange={(q) => filter({ q })} />
        <FilterSelect
          label="Role"
          value={role}
          options={[['', 'Every role'], ...ROLES.map(([name]) => name)]}
          onChange={(role) => filter({ role })}
        />
        <Count of={list.data} one="member" />
        <span className="grow" />
        {mayManage && (
          <Link
            to="/w/$slug/settings/invitations"
            params={{ slug }}
            search={{ invite: true } as never}
            className="button small primary"
          >
            Invite…
          </Link>
        )}
      </div>
      <PagedList
        query={list}
        of={(data) => data.members}
        empty={<Empty title="Nobody matches.">Take a filter away to see everybody.</Empty>}
      >
        {(members) => <List members={members} />}
      </PagedList>
    </>
  )
}

function List({ members }: { members: Member[] }) {
  const me = useMe()
  const { id, role: own } = useWorkspace()
  const mayManage = useMay('admin')
  const client = useQueryClient()
  const [leaving, setLeaving] = useState<Member>()
  // Of all members, whatever is shown.
  const owners = useQuery({ ...membersQuery(id, { role: 'owner' }), enabled: mayManage }).data?.total
  const change = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: string }) =>
      answer(
        api.PATCH('/workspaces/{id}/members/{user_id}', {
          params: { path: { id, user_id: member.userId } },
          body: { role: role as never },
        }),
      ),
    onSuccess: (_, { member, role }) => {
      const undo = () => change.mutate({ member: { ...member, role }, role: member.role })
      toast(`${member.name ?? member.email} is ${role} now`, undo)
    },
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  })
  const rows = useRows({ count: members.length })
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col" style={{ width: '34%' }}>
            Name
          </th>
          <th scope="col">E-mail</th>
          <th scope="col" style={{ width: '9.375rem' }}>
            Role
          </th>
          <th scope="col" style={{ width: '8.125rem' }}>
            Joined
          </th>
          <th scope="col" style={{ width: '3.5rem' }}>
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody ref={rows.holder as never}>
        {members.map((member, at) => {
          const isMe = member.userId === me.id
          const isOwner = member.role === 'owner'
          const lastOwner = isOwner && (owners ?? 1) === 1
          // Owners are for owners to change.
          const mayTouch = mayManage && (!isOwner || own === 'owner')
          const mayChange = mayTouch && !lastOwner
          return (
            <tr key={member.userId} {...rows.row(at)}>
              <td className="first">
                <span className="row">
                  <i className="avatar" aria-hidden="true">
                    {initials(member.name ?? member.email)}
                  </i>
                  <span className="clip strong">{member.name ?? member.username ?? '–'}</span>
                  {isMe && <span className="caption">(you)</span>}
                </span>
              </td>
              <td className="clip muted">{member.email}</td>
              <td>
                {mayChange ? (
                  <select
                    className="input small"
                    aria-label={`Role of ${member.name ?? member.email}`}
                    value={member.role}
                    onChange={(event) => change.mutate({ member, role: event.target.value })}
                  >
                    {ROLES.filter(([name]) => name !== 'owner' || own === 'owner').map(([name, about]) => (
                      <option key={name} value={name} title={about}>
                        {name}
                      </option>
                    ))}
                  </select>
                ) : (
                  <span title={lastOwner ? 'Make someone else owner first' : undefined}>{member.role}</span>
                )}
              </td>
              <td data-name="joined">
                <Time at={member.joinedAt} />
              </td>
              <td className="act">
                {(mayTouch || isMe) && (
                  <Menu
                    trigger={
                      <IconButton label={`Actions for ${member.name ?? member.email}`} icon={<MoreHorizontal size={16} />} />
                    }
                    items={[
                      {
                        label: isMe ? 'Leave…' : 'Remove…',
                        destructive: true,
                        refused: lastOwner && 'Make someone else owner first',
                        run: () => setLeaving(member),
                      },
                    ]}
                  />
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
      {leaving && <Remove member={leaving} onClose={() => setLeaving(undefined)} />}
    </table>
  )
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }) {
  const me = useMe()
  const { id, name } = useWorkspace()
  const client = useQueryClient()
  const who = member.name ?? member.email
  const isMe = member.userId === me.id
  const remove = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/workspaces/{id}/members/{user_id}', { params: { path: { id, user_id: member.userId } } })),
    onSuccess: () => {
      toast(isMe ? `You left ${name}` : `${who} is removed`)
      client.invalidateQueries({ queryKey: isMe ? ['me'] : ['members'] })
      onClose()
      if (isMe) window.location.assign('/app/')
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      destructive
      title={isMe ? `Leave ${name}` : `Remove ${who}`}
      action={isMe ? 'Leave' : 'Remove'}
      busy={remove.isPending && 'Removing…'}
      onSubmit={() => remove.mutate()}
    >
      <p>
        {isMe
          ? 'You see nothing of it any more, until somebody invites you again.'
          : `${who} sees nothing of ${name} any more, at once. What they did stays.`}
      </p>
      {remove.isError && <FormError>{said(remove.error)}</FormError>}
    </FormDialog>
  )
}
