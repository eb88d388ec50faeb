// What invitations into a workspace and onto the installation have in common.

import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { Button, IconButton } from '@/ui/Button'
import { Dialog, FormDialog } from '@/ui/Dialog'
import { Input, Select } from '@/ui/Field'
import { Menu } from '@/ui/Menu'
import { Time } from '@/ui/Time'
import { FormError } from './door'
import { Once } from './once'

type Invitation = Schemas['InvitationAnswer']
type Invited = Schemas['InvitedAnswer']
export type InvitationBody = Schemas['InvitationBody']

const STATUSES: Record<string, string> = { active: 'open', used: '✓ used', expired: 'expired', revoked: 'taken back' }

interface TableProps {
  items: Invitation[]
  revoke: (invitation: Invitation) => void
  /** Where invitations for an address are mailed. */
  resend?: (invitation: Invitation) => void
}

export function InvitationTable({ items, revoke, resend }: TableProps) {
  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col" style={{ width: '36%' }}>
            For
          </th>
          <th scope="col">Role</th>
          <th scope="col">Status</th>
          <th scope="col">Uses</th>
          <th scope="col">Ends</th>
          <th scope="col" style={{ width: '3.5rem' }}>
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((invitation) => (
          <tr key={invitation.id} className={invitation.status === 'active' ? undefined : 'muted'}>
            <td className="first clip">{invitation.email ?? 'whoever has the link'}</td>
            <td>{invitation.role}</td>
            <td>{STATUSES[invitation.status] ?? invitation.status}</td>
            <td className="num" data-name="used">
              {invitation.uses} of {invitation.maxUses}
            </td>
            <td data-name="ends">
              <Time at={invitation.expiresAt} />
            </td>
            <td className="act">
              {invitation.status === 'active' && (
                <Menu
                  trigger={
                    <IconButton
                      label={`Actions for the invitation of ${invitation.email ?? invitation.role}`}
                      icon={<MoreHorizontal size={16} />}
                    />
                  }
                  items={[
                    resend !== undefined &&
                      Boolean(invitation.email) && { label: 'Mail it again', run: () => resend(invitation) },
                    { label: 'Take back', destructive: true, run: () => revoke(invitation) },
                  ]}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function InviteDialog({
  title,
  roles,
  usual,
  isMailed,
  invite,
  onClose,
}: {
  title: string
  roles: [string, string][]
  usual: string
  /** To the address that it is for. */
  isMailed?: boolean
  invite: { mutate: (body: InvitationBody) => void; data?: Invited; error: Error | null; isPending: boolean }
  onClose: () => void
}) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState(usual)
  const [maxUses, setUses] = useState(1)
  const [expiresInHours, setHours] = useState(168)
  if (invite.data) {
    return (
      <Dialog open onClose={onClose} title="The invitation is made">
        <p>
          {email && isMailed ? `A mail to ${email} is on its way. The link works as well:` : 'Send the link to whom it is for:'}
        </p>
        <Once label="Copy the link" value={invite.data.url} />
        <div className="dialog-foot">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    )
  }
  const submit = () => invite.mutate({ role, email: email || undefined, maxUses: email ? 1 : maxUses, expiresInHours })
  return (
    <FormDialog open onClose={onClose} title={title} action="Invite" busy={invite.isPending && 'Inviting…'} onSubmit={submit}>
      <Input
        label="E-mail"
        type="email"
        hint="Left out, whoever has the link may use it."
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select
        label="Role"
        hint={roles.find(([name]) => name === role)?.[1]}
        value={role}
        onChange={(event) => setRole(event.target.value)}
      >
        {roles.map(([name]) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      {!email && (
        <Input
          label="Uses"
          type="number"
          min={1}
          max={100}
          value={maxUses}
          onChange={(event) => setUses(Number(event.target.value))}
        />
      )}
      <Select label="Ends after" value={expiresInHours} onChange={(event) => setHours(Number(event.target.value))}>
        <option value={24}>1 day</option>
        <option value={168}>7 days</option>
        <option value={720}>30 days</option>
      </Select>
      {invite.error && <FormError>{said(invite.error)}</FormError>}
    </FormDialog>
  )
}
