import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { entranceQuery } from '@/api/session'
import { Button } from '@/ui/Button'
import { Check, Input, Password } from '@/ui/Field'
import { Door, FormError } from './door'
import { canUsePasskeys, passkeyProblem, signInWithPasskey } from './webauthn'

/** After the last step of any way in: the page that was asked for. */
export function useArrive() {
  const router = useRouter()
  const client = useQueryClient()
  const { to } = useSearch({ strict: false })
  return async () => {
    client.removeQueries({ queryKey: ['me'] })
    await router.navigate({ href: `${to ?? '/'}`, replace: true })
  }
}

export function SignIn() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(false)
  const search = useSearch({ strict: false })
  const entrance = useQuery(entranceQuery).data
  const navigate = useNavigate()
  const arrive = useArrive()

  const challenge = new URLSearchParams(window.location.hash.slice(1)).get('challenge')
  const toSecondFactor = (token: string) =>
    navigate({ to: '/second-factor', search: { to: search.to }, state: { challenge: token } as never, replace: true })

  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/auth/login', { body: { email, password, rememberMe: remember } })),
    onSuccess: (found) => ('challengeToken' in found ? toSecondFactor(found.challengeToken) : arrive()),
  })
  const passkey = useMutation({ mutationFn: () => signInWithPasskey(remember), onSuccess: arrive })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    passkey.reset()
    if (!signIn.isPending) signIn.mutate()
  }

  if (challenge) {
    return (
      <Door title="One more step">
        <p>The account has a second factor.</p>
        <Button look="primary" block onClick={() => toSecondFactor(challenge)}>
          Enter the code
        </Button>
      </Door>
    )
  }
  return (
    <Door title="Sign in">
      {search.ended && !signIn.isError && <p className="note">The session has ended. Sign in to go on where you were.</p>}
      {search.error && <FormError>{PROVIDER_ERRORS[search.error] ?? 'The provider did not let you in. Try again.'}</FormError>}
      {passkey.isError && <FormError>{passkeyProblem(passkey.error) ?? said(passkey.error)}</FormError>}
      <form className="stack wide" onSubmit={submit}>
        <Input
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username webauthn"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Password
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Check label="Stay signed in on this device" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
        <Button look="primary" block type="submit" busy={signIn.isPending && 'Signing in…'}>
          Sign in
        </Button>
        {/* Below the button: what was typed and is pressed again stays where it is. */}
        {signIn.isError && <FormError>{signInProblem(signIn.error)}</FormError>}
      </form>
      {(canUsePasskeys() || entrance?.oauthProviders.length !== 0) && <div className="or">or</div>}
      <div className="stack">
        {canUsePasskeys() && (
          <Button block busy={passkey.isPending && 'Waiting for the device…'} onClick={() => passkey.mutate()}>
            <KeyRound size={15} aria-hidden="true" /> Use a passkey
          </Button>
        )}
        {entrance?.oauthProviders.map((provider) => (
          <a
            key={provider}
            className="button block"
            href={`/api/v1/auth/${provider}?${new URLSearchParams(search.to ? { redirect: search.to } : {})}`}
          >
            Continue with {PROVIDERS[provider] ?? provider}
          </a>
        ))}
      </div>
      <div className="row apart wrap">
        <Link to="/forgot">Forgot password?</Link>
        {entrance?.registrationMode === 'invite' && <Link to="/register">Use an invitation</Link>}
      </div>
    </Door>
  )
}

export const PROVIDERS: Record<string, string> = { github: 'GitHub', google: 'Google' }

const PROVIDER_ERRORS: Record<string, string> = {
  OAUTH_STATE_MISMATCH: 'The sign-in took too long or began in another browser. Try again.',
  OAUTH_CODE_INVALID: 'The provider’s answer was not valid. Try again.',
  EMAIL_TAKEN: 'There is an account with this e-mail address. Sign in to it, and connect the provider under Account.',
  INVITATION_INVALID: 'There is no account yet, and one is made with an invitation only. Open the link of yours first.',
  REGISTRATION_CLOSED: 'There is no account for you here, and nobody can register.',
  ACCOUNT_DISABLED: 'The account is disabled. Ask an administrator.',
  UPSTREAM_ERROR: 'The provider does not answer. Try again, or sign in another way.',
}

function signInProblem(error: Error): string {
  if (hasCode(error, 'EMAIL_NOT_VERIFIED')) {
    return 'The e-mail address is not confirmed yet. Open the link in the mail that was sent to it.'
  }
  if (hasCode(error, 'INVALID_CREDENTIALS')) return 'The e-mail address or the password is wrong.'
  return said(error)
}
