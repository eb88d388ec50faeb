import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { fieldErrors, hasCode, said } from '@/api/problem'
import { useMe } from '@/api/session'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Input, Password, Select } from '@/ui/Field'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { PasswordRules } from './password-rules'

export function Profile() {
  const me = useMe()
  const client = useQueryClient()
  const was = {
    name: me.name ?? '',
    username: me.username ?? '',
    timezone: me.timezone,
    defaultWorkspaceId: me.defaultWorkspaceId ?? '',
  }
  const [form, setForm] = useState(was)
  const isChanged = (Object.keys(was) as (keyof typeof was)[]).some((field) => was[field] !== form[field])
  const [dialog, setDialog] = useState<'email' | 'delete'>()
  const set = (field: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [field]: event.target.value })
  const save = useMutation({
    mutationFn: () => {
      const body: Schemas['UserBody'] = {
        name: form.name || undefined,
        username: form.username || undefined,
        timezone: form.timezone,
        defaultWorkspaceId: form.defaultWorkspaceId || undefined,
      }
      return answer(api.PUT('/users/me', { body }))
    },
    onSuccess: () => {
      toast('Profile saved')
      client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <>
      <Panel padded>
        <form
          className="stack wide"
          onSubmit={(event) => {
            event.preventDefault()
            if (isChanged) save.mutate()
          }}
        >
          <Input
            label="Name"
            hint="As others see it."
            maxLength={80}
            autoComplete="name"
            value={form.name}
            error={errors.name}
            onChange={set('name')}
          />
          <Input
            label="Short name"
            minLength={3}
            maxLength={39}
            autoComplete="nickname"
            value={form.username}
            error={errors.username}
            onChange={set('username')}
          />
          <Select
            label="Time zone"
            hint="For mail; the dashboard goes by this device."
            value={form.timezone}
            error={errors.timezone}
            onChange={set('timezone')}
          >
            {timezones(form.timezone).map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
          <Select label="Opens first" value={form.defaultWorkspaceId} onChange={set('defaultWorkspaceId')}>
            {me.workspaces.map((workspace) => (
              <option key={workspace.id} value={workspace.id}>
                {workspace.name}
              </option>
            ))}
          </Select>
          {save.isError && Object.keys(errors).length === 0 && <FormError>{said(save.error)}</FormError>}
          <div>
            <Button type="submit" look="primary" busy={save.isPending && 'Saving…'} refused={!isChanged && 'Nothing has changed'}>
              Save
            </Button>
          </div>
        </form>
      </Panel>
      <Panel>
        <div className="panel-row">
          <div className="grow">
            <h3>E-mail</h3>
            <p className="muted">
              {/* Who has not confirmed it and is in here did not have to. */}
              {me.email}
              {me.verified && ', confirmed'} · account made <Time at={me.createdAt} />
            </p>
          </div>
          <Button onClick={() => setDialog('email')}>Change…</Button>
        </div>
        <div className="panel-row">
          <div className="grow">
            <h3>Delete the account</h3>
            <p className="muted">What you did stays in the record, without your name.</p>
          </div>
          <Button look="destructive" onClick={() => setDialog('delete')}>
            Delete…
          </Button>
        </div>
      </Panel>
      {dialog === 'email' && <ChangeEmail onClose={() => setDialog(undefined)} />}
      {dialog === 'delete' && <DeleteAccount onClose={() => setDialog(undefined)} />}
    </>
  )
}

function timezones(own: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return known.includes(own) ? known : [own, ...known]
}

function ChangeEmail({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () => answer(api.PUT('/users/me', { body: { email, password: password || undefined } })),
    onSuccess: () => {
      toast(`A mail to ${email} is on its way; the address counts once its link was opened`)
      onClose()
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Change the e-mail address"
      action="Send a link"
      busy={change.isPending && 'Sending…'}
      onSubmit={() => change.mutate()}
    >
      <Input
        label="New address"
        type="email"
        required
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Password
        label="Your password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {change.isError && <FormError>{said(change.error)}</FormError>}
    </FormDialog>
  )
}

function DeleteAccount({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/users/me', { body: { password: password || undefined } })),
    onSuccess: () => {
      client.clear()
      navigate({ to: '/sign-in' })
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      destructive
      title="Delete the account"
      action="Delete the account"
      busy={remove.isPending && 'Deleting…'}
      onSubmit={() => remove.mutate()}
    >
      <p>It cannot be brought back. Workspaces that are yours alone are deleted with it.</p>
      <Password
        label="Your password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {remove.isError && (
        <FormError>
          {hasCode(remove.error, 'LAST_OWNER')
            ? 'You are the only owner of a workspace with other members. Give it to somebody first.'
            : said(remove.error)}
        </FormError>
      )}
    </FormDialog>
  )
}

export function ChangePassword() {
  const [form, setForm] = useState({ oldPassword: '', newPassword: '' })
  const change = useMutation({
    mutationFn: () => answer(api.POST('/users/change-password', { body: form })),
    onSuccess: () => {
      toast('Password changed; every other session was ended')
      setForm({ oldPassword: '', newPassword: '' })
    },
  })
  return (
    <Panel padded>
      <form
        className="stack wide"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Password
          label="Password now"
          required
          autoComplete="current-password"
          value={form.oldPassword}
          onChange={(event) => setForm({ ...form, oldPassword: event.target.value })}
        />
        <div className="stack">
          <Password
            label="New password"
            required
            minLength={12}
            maxLength={128}
            autoComplete="new-password"
            value={form.newPassword}
            onChange={(event) => setForm({ ...form, newPassword: event.target.value })}
          />
          <PasswordRules password={form.newPassword} />
        </div>
        {change.isError && <FormError>{problem(change.error)}</FormError>}
        <div>
          <Button type="submit" look="primary" busy={change.isPending && 'Changing…'}>
            Change the password
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function problem(error: Error): string {
  if (hasCode(error, 'INVALID_CREDENTIALS')) return 'The password of now is wrong.'
  if (hasCode(error, 'PASSWORD_REUSED')) return 'This password was used before. Choose another.'
  if (hasCode(error, 'WEAK_PASSWORD')) return 'The password is too easy to guess. Make it longer, or of several unrelated words.'
  return said(error)
}
