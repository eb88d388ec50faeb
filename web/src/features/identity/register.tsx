import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api } from '@/api/client'
import { fieldErrors, hasCode, said } from '@/api/problem'
import { entranceQuery, meQuery } from '@/api/session'
import { words } from '@/lib/format'
import { Button } from '@/ui/Button'
import { Input, Password } from '@/ui/Field'
import { Failed, SkeletonRows } from '@/ui/faces'
import { toast } from '@/ui/toast'
import { Door, FormError } from './door'
import { PasswordRules } from './password-rules'

/** The code behind `#` or in `?code=`: never sent to a server by the browser when it is behind `#`. */
function codeOfAddress(): string {
  const { hash, search } = window.location
  return decodeURIComponent(hash.slice(1)) || new URLSearchParams(search).get('code') || ''
}

/** The first account of an installation. */
export function Setup() {
  const entrance = useQuery(entranceQuery).data
  if (entrance && !entrance.setupRequired) {
    return (
      <Door title="Set up already">
        <p>
          This installation has an administrator. <Link to="/sign-in">Sign in</Link>
        </p>
      </Door>
    )
  }
  return (
    <Door title="Set up Rampart">
      <p className="muted">
        Make the administrator’s account. The invitation was printed where the server was started, and is in the file{' '}
        <code>bootstrap-invitation</code> of its data folder.
      </p>
      <Account code={codeOfAddress()} action="Create the administrator" />
    </Door>
  )
}

export function Register() {
  const entrance = useQuery(entranceQuery).data
  if (entrance?.registrationMode === 'closed') {
    return (
      <Door title="Register">
        <p>Nobody can register here. Ask an administrator for an account.</p>
      </Door>
    )
  }
  return (
    <Door title="Register">
      <p className="muted">An account is made with an invitation.</p>
      <Account code={codeOfAddress()} action="Create the account" />
      <Link to="/sign-in">Sign in instead</Link>
    </Door>
  )
}

function Account({ code, email, action }: { code: string; email?: string; action: string }) {
  const [form, setForm] = useState({ invitationCode: code, email: email ?? '', name: '', password: '' })
  const set = (field: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [field]: event.target.value })
  const register = useMutation({
    mutationFn: async () => {
      const body = { ...form, name: form.name.trim() || undefined, invitationCode: form.invitationCode.trim() }
      return answer(api.POST('/auth/register', { body }))
    },
  })
  const errors = fieldErrors(register.error)
  if (register.isSuccess)
    return <Registered email={register.data.email} verify={register.data.verificationRequired} password={form.password} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!register.isPending) register.mutate()
  }
  return (
    <form className="stack wide" onSubmit={submit}>
      {register.isError && Object.keys(errors).length === 0 && <FormError>{problem(register.error)}</FormError>}
      <Input
        label="Invitation"
        required
        autoComplete="off"
        className="input mono"
        spellCheck={false}
        value={form.invitationCode}
        onChange={set('invitationCode')}
        error={errors.invitationCode}
      />
      <Input
        label="E-mail"
        type="email"
        required
        autoComplete="username"
        value={form.email}
        onChange={set('email')}
        error={errors.email}
      />
      <Input
        label="Name"
        hint="As others see it; may be left out."
        autoComplete="name"
        maxLength={80}
        value={form.name}
        onChange={set('name')}
        error={errors.name}
      />
      <div className="stack">
        <Password
          label="Password"
          required
          minLength={12}
          maxLength={128}
          autoComplete="new-password"
          value={form.password}
          onChange={set('password')}
          error={errors.password}
        />
        <PasswordRules password={form.password} />
      </div>
      <Button look="primary" block type="submit" busy={register.isPending && 'Creating…'}>
        {action}
      </Button>
    </form>
  )
}

/** Straight on where nothing is to be confirmed; else to the mailbox. */
function Registered({ email, verify, password }: { email: string; verify: boolean; password: string }) {
  const router = useRouter()
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/auth/login', { body: { email, password } })),
    onSuccess: () => router.navigate({ to: '/', replace: true }),
  })
  if (verify) {
    return (
      <div className="stack wide">
        <p className="note ok">The account is made.</p>
        <p>
          A mail is on its way to <strong>{email}</strong>. Open the link in it, then sign in.
        </p>
        <Link to="/sign-in" className="button primary block">
          To the sign-in
        </Link>
      </div>
    )
  }
  return (
    <div className="stack wide">
      <p className="note ok">The account is made.</p>
      {signIn.isError && <FormError>{said(signIn.error)}</FormError>}
      <Button look="primary" block busy={signIn.isPending && 'Signing in…'} onClick={() => signIn.mutate()}>
        Go on
      </Button>
    </div>
  )
}

/** A link to a workspace: for who is signed in, and for who is not yet. */
export function AcceptInvitation() {
  const { code = '' } = useParams({ strict: false })
  const navigate = useNavigate()
  const router = useRouter()
  const invitation = useQuery({
    queryKey: ['invitation', code],
    queryFn: () => answer(api.GET('/invitations/{code}', { params: { path: { code } } })),
    retry: false,
  })
  const me = useQuery({ ...meQuery, retry: false })
  const accept = useMutation({
    mutationFn: () => answer(api.POST('/invitations/accept', { body: { code } })),
    onSuccess: async () => {
      toast('You are in.')
      await router.options.context.client.invalidateQueries({ queryKey: ['me'] })
      navigate({ to: '/' })
    },
  })
  if (invitation.isError) {
    return (
      <Door title="Invitation">
        <FormError>{problem(invitation.error)}</FormError>
        <Link to="/sign-in">Sign in</Link>
      </Door>
    )
  }
  if (!invitation.data || me.isPending) {
    return (
      <Door title="Invitation">
        <SkeletonRows rows={3} />
      </Door>
    )
  }
  const { workspaceName, role, email } = invitation.data
  return (
    <Door title={workspaceName ? `Join ${workspaceName}` : 'Invitation'}>
      <p>
        You are invited as <strong>{words(role)}</strong>
        {email && <> under {email}</>}.
      </p>
      {me.data ? (
        <>
          {accept.isError && <Failed error={accept.error} />}
          <Button look="primary" block busy={accept.isPending && 'Joining…'} onClick={() => accept.mutate()}>
            Join as {me.data.email}
          </Button>
        </>
      ) : (
        <>
          <Account code={code} email={email ?? undefined} action="Create the account and join" />
          <Link to="/sign-in" search={{ to: `/invitations/${code}` }}>
            I have an account
          </Link>
        </>
      )}
    </Door>
  )
}

function problem(error: Error): string {
  if (hasCode(error, 'INVITATION_INVALID'))
    return 'The invitation is not valid: it was used, taken back, or is for another address.'
  if (hasCode(error, 'INVITATION_EXPIRED')) return 'The invitation has expired. Ask for a new one.'
  if (hasCode(error, 'EMAIL_TAKEN')) return 'There is an account with this e-mail address. Sign in to it.'
  if (hasCode(error, 'WEAK_PASSWORD')) return 'The password is too easy to guess. Make it longer, or of several unrelated words.'
  return said(error)
}
