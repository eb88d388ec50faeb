import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { MoreHorizontal } from 'lucide-react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useMe } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { IconButton } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Menu } from '@/ui/Menu'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'

type User = Schemas['Administered']

interface Filter {
  q?: string
  role?: string
  locked?: boolean
  page?: number
}

const ROLES = ['user', 'viewer', 'operator', 'admin']

export function Users() {
  const [{ q, role, locked, page }, filter] = useFilter<Filter>()
  const list = useQuery({
    queryKey: ['users', { q, role, locked, page }],
    queryFn: () => answer(api.GET('/admin/users', { params: { query: { q, role, locked, page, limit: 50 } as never } })),
    placeholderData: (before) => before,
  })
  return (
    <>
      <div className="toolbar">
        <SearchField label="Filter by name or address" value={q ?? ''} onChange={(q) => filter({ q })} />
        <FilterSelect label="Role" value={role} options={[['', 'Every role'], ...ROLES]} onChange={(role) => filter({ role })} />
        <FilterSelect
          label="Status"
          value={locked ? 'locked' : undefined}
          options={[['', 'Every status'], 'locked']}
          onChange={(status) => filter({ locked: status === 'locked' })}
        />
        <Count of={list.data} one="user" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.users}
        empty={<Empty title="Nobody matches.">Take a filter away to see everybody.</Empty>}
      >
        {(users) => <Table users={users} />}
      </PagedList>
    </>
  )
}

function Table({ users }: { users: User[] }) {
  const me = useMe()
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['users'] })
  const change = useMutation({
    mutationFn: ({ id, body }: { id: string; body: Schemas['ChangeUserBody']; said: string }) =>
      answer(api.PATCH('/admin/users/{id}', { params: { path: { id } }, body })),
    onSuccess: (_, { said }) => toast(said),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const unlock = useMutation({
    mutationFn: (user: User) => answer(api.POST('/admin/users/{id}/unlock', { params: { path: { id: user.id } } })),
    onSuccess: (_, user) => toast(`${user.email} can sign in again`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const resetFactor = useMutation({
    mutationFn: (user: User) => answer(api.POST('/admin/users/{id}/reset-2fa', { params: { path: { id: user.id } } })),
    onSuccess: (_, user) => toast(`${user.email} signs in without a second factor, and was told so`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col" style={{ width: '34%' }}>
            User
          </th>
          <th scope="col">Role</th>
          <th scope="col">Status</th>
          <th scope="col">Last sign-in</th>
          <th scope="col">Made</th>
          <th scope="col" style={{ width: '3.5rem' }}>
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <td className="first clip">
              <span className="strong">{user.name ?? user.username ?? user.email}</span>{' '}
              {(user.name ?? user.username) && <span className="muted">{user.email}</span>}
            </td>
            <td>{user.role}</td>
            <td>
              <Status user={user} isConfirmed={user.verified || !me.verified || Boolean(user.lastLoginAt)} />
            </td>
            <td data-name="signed in">
              <Time at={user.lastLoginAt} none="never" />
            </td>
            <td data-name="made">
              <Time at={user.createdAt} />
            </td>
            <td className="act">
              <Menu
                trigger={<IconButton label={`Actions for ${user.email}`} icon={<MoreHorizontal size={16} />} />}
                items={[
                  ...ROLES.filter((role) => role !== user.role).map((role) => ({
                    label: `Make ${role}`,
                    refused: user.id === me.id && ('not your own role' as const),
                    run: () =>
                      change.mutate({ id: user.id, body: { role: role as never }, said: `${user.email} is ${role} now` }),
                  })),
                  'line',
                  !user.verified && {
                    label: 'Confirm the address',
                    run: () => change.mutate({ id: user.id, body: { verified: true }, said: `${user.email} is confirmed` }),
                  },
                  isLocked(user) && { label: 'Unlock', run: () => unlock.mutate(user) },
                  user.twoFactorEnabled && {
                    label: 'Turn the second factor off',
                    destructive: true,
                    refused: user.id === me.id && 'in your own account',
                    run: () => resetFactor.mutate(user),
                  },
                  {
                    label: user.disabled ? 'Enable' : 'Disable',
                    destructive: !user.disabled,
                    refused: user.id === me.id && 'not yourself',
                    run: () =>
                      change.mutate({
                        id: user.id,
                        body: { disabled: !user.disabled },
                        said: `${user.email} is ${user.disabled ? 'enabled' : 'disabled'}`,
                      }),
                  },
                ]}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function isLocked(user: User): boolean {
  return Boolean(user.lockedUntil) && new Date(user.lockedUntil ?? 0) > new Date()
}

/** Who has signed in has confirmed the address, or did not have to. */
function Status({ user, isConfirmed }: { user: User; isConfirmed: boolean }) {
  if (user.disabled) return <span className="bad">✕ disabled</span>
  if (isLocked(user)) {
    return (
      <span className="warn">
        ! locked, ends <Time at={user.lockedUntil} />
      </span>
    )
  }
  return isConfirmed ? <span className="ok">✓ active</span> : <span className="muted">not confirmed</span>
}
