import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { useMe } from '@/api/session'
import { Button, CopyButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Input, Password } from '@/ui/Field'
import { Panel } from '@/ui/Page'
import { toast } from '@/ui/toast'
import { FormError } from './door'

/** An authenticator app, and the codes for when it is lost. */
export function SecondFactorSettings() {
  const me = useMe()
  const [codes, setCodes] = useState<string[]>()
  const [open, setOpen] = useState<'enrol' | 'disable' | 'renew'>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Panel>
        <div className="panel-body row apart wrap">
          <div className="grow">
            <h3>
              Authenticator app {me.twoFactorEnabled ? <span className="ok">✓ on</span> : <span className="muted">off</span>}
            </h3>
            <p className="muted">After the password, signing in asks for six digits that change every 30 seconds.</p>
          </div>
          {me.twoFactorEnabled ? (
            <Button look="destructive" onClick={() => setOpen('disable')}>
              Turn off…
            </Button>
          ) : (
            <Button look="primary" onClick={() => setOpen('enrol')}>
              Set up
            </Button>
          )}
        </div>
        {me.twoFactorEnabled && (
          <div className="panel-foot">
            <div className="grow">
              <h3>Backup codes</h3>
              <p className="muted">For when the app is lost. New ones void the old ones.</p>
            </div>
            <Button onClick={() => setOpen('renew')}>New codes…</Button>
          </div>
        )}
      </Panel>
      {codes && <Codes codes={codes} onDone={() => setCodes(undefined)} />}
      {open === 'enrol' && <Enrol onClose={close} onCodes={setCodes} />}
      {open === 'disable' && <Confirm kind="disable" onClose={close} onCodes={setCodes} />}
      {open === 'renew' && <Confirm kind="renew" onClose={close} onCodes={setCodes} />}
    </>
  )
}

interface Props {
  onClose: () => void
  onCodes: (codes: string[]) => void
}

/** First the password, then the picture and the first code. */
function Enrol({ onClose, onCodes }: Props) {
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [token, setToken] = useState('')
  const begin = useMutation({
    mutationFn: () => answer(api.POST('/auth/2fa/setup', { body: { password: password || undefined } })),
  })
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/auth/2fa/verify', { body: { token } })),
    onSuccess: ({ backupCodes }) => {
      toast('The second factor is on')
      client.invalidateQueries({ queryKey: ['me'] })
      onCodes(backupCodes)
      onClose()
    },
    onError: () => setToken(''),
  })
  if (!begin.data) {
    return (
      <FormDialog
        open
        onClose={onClose}
        title="Set up the second factor"
        action="Go on"
        busy={begin.isPending && 'One moment…'}
        onSubmit={() => begin.mutate()}
      >
        <Password
          label="Your password"
          hint="To be sure that it is you."
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {begin.isError && <FormError>{problem(begin.error)}</FormError>}
      </FormDialog>
    )
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Scan with the app"
      action="Turn on"
      busy={confirm.isPending && 'Checking…'}
      onSubmit={() => confirm.mutate()}
    >
      <div className="row wrap">
        <img
          src={begin.data.qrCode}
          alt="The key as a picture, for the camera of the app"
          width={176}
          height={176}
          className="qr"
        />
        <div className="grow stack">
          <p>Scan the picture with an authenticator app, or type the key:</p>
          <span className="row">
            <code className="grow">{begin.data.secret}</code>
            <CopyButton text={begin.data.secret} label="Copy the key" />
          </span>
        </div>
      </div>
      <Input
        label="Code that the app shows"
        inputMode="numeric"
        autoComplete="one-time-code"
        className="input mono"
        required
        pattern="\d{6}"
        maxLength={6}
        value={token}
        onChange={(event) => setToken(event.target.value.replace(/\D/g, ''))}
      />
      {confirm.isError && <FormError>{problem(confirm.error)}</FormError>}
    </FormDialog>
  )
}

function Confirm({ kind, onClose, onCodes }: Props & { kind: 'disable' | 'renew' }) {
  const client = useQueryClient()
  const [form, setForm] = useState({ password: '', code: '' })
  const body = { password: form.password || undefined, code: form.code.trim() }
  const send = useMutation({
    mutationFn: async () => {
      if (kind === 'renew') return (await answer(api.POST('/auth/2fa/backup-codes', { body }))).backupCodes
      await answer(api.POST('/auth/2fa/disable', { body }))
      return undefined
    },
    onSuccess: (codes) => {
      toast(codes ? 'The old backup codes are void' : 'The second factor is off')
      client.invalidateQueries({ queryKey: ['me'] })
      if (codes) onCodes(codes)
      onClose()
    },
  })
  const title = kind === 'disable' ? 'Turn off the second factor' : 'New backup codes'
  return (
    <FormDialog
      open
      onClose={onClose}
      title={title}
      action={kind === 'disable' ? 'Turn off' : 'Make new codes'}
      destructive={kind === 'disable'}
      busy={send.isPending && 'One moment…'}
      onSubmit={() => send.mutate()}
    >
      <Password
        label="Your password"
        autoComplete="current-password"
        value={form.password}
        onChange={(event) => setForm({ ...form, password: event.target.value })}
      />
      <Input
        label="Code of the app, or a backup code"
        required
        className="input mono"
        autoComplete="one-time-code"
        value={form.code}
        onChange={(event) => setForm({ ...form, code: event.target.value })}
      />
      {send.isError && <FormError>{problem(send.error)}</FormError>}
    </FormDialog>
  )
}

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <Panel title="Backup codes" actions={<CopyButton text={codes.join('\n')} label="Copy all" words />}>
      <div className="panel-body stack wide">
        <p className="note warn">Keep them where the phone is not. They are shown now and never again; each works once.</p>
        <ul className="codes mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div>
          <Button onClick={onDone}>I have them</Button>
        </div>
      </div>
    </Panel>
  )
}

function problem(error: Error): string {
  if (hasCode(error, 'TWO_FACTOR_INVALID')) return 'The code is wrong or was used before.'
  if (hasCode(error, 'INVALID_CREDENTIALS')) return 'The password is wrong.'
  if (hasCode(error, 'FORBIDDEN')) return 'A workspace of yours requires the second factor.'
  return said(error)
}
