import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { fieldErrors, said } from '@/api/problem'
import { useMay, useMe, useWorkspace } from '@/api/session'
import { number } from '@/lib/format'
import { Button, CopyButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Input, Password, Select } from '@/ui/Field'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { membersQuery } from './members-query'

type Workspace = Schemas['WorkspaceAnswer']

export function General() {
  const { id } = useWorkspace()
  const query = useQuery({
    queryKey: ['workspace', id],
    queryFn: () => answer(api.GET('/workspaces/{id}', { params: { path: { id } } })),
  })
  return (
    <Panel padded>
      <Loaded query={query}>{(workspace) => <Details workspace={workspace} key={workspace.updatedAt} />}</Loaded>
    </Panel>
  )
}

function Details({ workspace }: { workspace: Workspace }) {
  const mayChange = useMay('admin')
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState({ name: workspace.name, slug: workspace.slug })
  const save = useMutation({
    mutationFn: () => answer(api.PATCH('/workspaces/{id}', { params: { path: { id: workspace.id } }, body: form })),
    onSuccess: async (now) => {
      toast('Workspace saved')
      client.setQueryData(['workspace', workspace.id], now)
      await client.invalidateQueries({ queryKey: ['me'] })
      if (now.slug !== workspace.slug) navigate({ to: '/w/$slug/settings', params: { slug: now.slug }, replace: true })
    },
  })
  const errors = fieldErrors(save.error)
  const changed = form.name !== workspace.name || form.slug !== workspace.slug
  return (
    <form
      className="stack wide form"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      {mayChange ? (
        <>
          <Input
            label="Name"
            required
            minLength={2}
            maxLength={80}
            value={form.name}
            error={errors.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
          />
          <Input
            label="Short name"
            hint={`The workspace's address: ${window.location.host}/app/w/${form.slug}. Links with the old one stop to work.`}
            required
            className="input mono"
            value={form.slug}
            error={errors.slug}
            onChange={(event) => setForm({ ...form, slug: event.target.value })}
          />
          {save.isError && Object.keys(errors).length === 0 && <FormError>{said(save.error)}</FormError>}
          <div>
            <Button type="submit" look="primary" busy={save.isPending && 'Saving…'} refused={!changed && 'Nothing has changed'}>
              Save
            </Button>
          </div>
        </>
      ) : (
        <h2>{workspace.name}</h2>
      )}
      <dl className="facts">
        <dt>Members</dt>
        <dd className="num">{number(workspace.memberCount)}</dd>
        <dt>Tier</dt>
        <dd>{workspace.tier}</dd>
        <dt>Your role</dt>
        <dd>{workspace.role}</dd>
        <dt>Made</dt>
        <dd>
          <Time at={workspace.createdAt} />
        </dd>
        <dt>Id</dt>
        <dd className="row">
          <code>{workspace.id}</code>
          <CopyButton text={workspace.id} label="Copy the id" />
        </dd>
      </dl>
    </form>
  )
}

export function Danger() {
  const { name } = useWorkspace()
  const [open, setOpen] = useState<'transfer' | 'delete'>()
  return (
    <>
      <Panel>
        <div className="panel-row">
          <div className="grow">
            <h3>Give {name} to somebody else</h3>
            <p className="muted">They become its owner; you stay as an administrator.</p>
          </div>
          <Button onClick={() => setOpen('transfer')}>Transfer…</Button>
        </div>
        <div className="panel-row">
          <div className="grow">
            <h3>Delete {name}</h3>
            <p className="muted">It is gone for everybody at once, and is erased after 30 days.</p>
          </div>
          <Button look="destructive" onClick={() => setOpen('delete')}>
            Delete…
          </Button>
        </div>
      </Panel>
      {open === 'transfer' && <Transfer onClose={() => setOpen(undefined)} />}
      {open === 'delete' && <Delete onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Transfer({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const { id, name } = useWorkspace()
  const client = useQueryClient()
  const [userId, setUserId] = useState('')
  const [password, setPassword] = useState('')
  const members = useQuery(membersQuery(id, {}))
  const transfer = useMutation({
    mutationFn: () =>
      answer(api.POST('/workspaces/{id}/transfer-ownership', { params: { path: { id } }, body: { userId, password } })),
    onSuccess: () => {
      toast(`${name} has a new owner`)
      client.invalidateQueries()
      onClose()
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Transfer ${name}`}
      action="Transfer"
      destructive
      busy={transfer.isPending && 'Transferring…'}
      refused={!userId && 'Choose a member first'}
      onSubmit={() => transfer.mutate()}
    >
      <Select label="New owner" required value={userId} onChange={(event) => setUserId(event.target.value)}>
        <option value="">Choose a member</option>
        {members.data?.members
          .filter((member) => member.userId !== me.id)
          .map((member) => (
            <option key={member.userId} value={member.userId}>
              {member.name ?? member.email} ({member.role})
            </option>
          ))}
      </Select>
      <Password
        label="Your password"
        required
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {transfer.isError && <FormError>{said(transfer.error)}</FormError>}
    </FormDialog>
  )
}

function Delete({ onClose }: { onClose: () => void }) {
  const { id, name, slug } = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [confirm, setConfirm] = useState('')
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/workspaces/{id}', { params: { path: { id } }, body: { confirm } })),
    onSuccess: async () => {
      toast(`${name} is deleted`)
      await client.invalidateQueries({ queryKey: ['me'] })
      navigate({ to: '/', replace: true })
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Delete ${name}`}
      action={`Delete ${name}`}
      destructive
      busy={remove.isPending && 'Deleting…'}
      refused={confirm !== slug && `Type ${slug} first`}
      onSubmit={() => remove.mutate()}
    >
      <p>Everything in it is gone for everybody: members, settings, tokens, and whatever was found.</p>
      <Input
        label={`Type ${slug} to confirm`}
        className="input mono"
        autoComplete="off"
        value={confirm}
        onChange={(event) => setConfirm(event.target.value)}
      />
      {remove.isError && <FormError>{said(remove.error)}</FormError>}
    </FormDialog>
  )
}
