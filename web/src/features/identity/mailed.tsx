import { useMutation } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { Button } from '@/ui/Button'
import { Input, Password } from '@/ui/Field'
import { Door, FormError } from './door'
import { PasswordRules } from './password-rules'

/** Where the link of a mail leads: the address is confirmed at once. */
export function Verify() {
  const { token } = useSearch({ strict: false })
  const [email, setEmail] = useState('')
  const verify = useMutation({ mutationFn: (token: string) => answer(api.POST('/auth/verify-email', { body: { token } })) })
  const resend = useMutation({ mutationFn: () => answer(api.POST('/auth/resend-verification', { body: { email } })) })
  const sent = useRef(false)
  const { mutate } = verify
  useEffect(() => {
    // Once: the token works once.
    if (token && !sent.current) {
      sent.current = true
      mutate(token)
    }
  }, [token, mutate])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    resend.mutate()
  }
  if (verify.isSuccess) {
    return (
      <Door title="Address confirmed">
        <p className="note ok">The e-mail address is yours.</p>
        <Link to="/sign-in" className="button primary block">
          Sign in
        </Link>
      </Door>
    )
  }
  return (
    <Door title="Confirm your address">
      {verify.isPending && <p>Confirming…</p>}
      {verify.isError && (
        <FormError>
          {hasCode(verify.error, 'VERIFICATION_TOKEN_INVALID')
            ? 'The link was used or has expired. Ask for a new one.'
            : said(verify.error)}
        </FormError>
      )}
      {resend.isSuccess ? (
        <p className="note ok">If there is an account that waits for it, a new mail is on its way.</p>
      ) : (
        !verify.isPending && (
          <form className="stack wide" onSubmit={submit}>
            <Input label="E-mail" type="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
            {resend.isError && <FormError>{said(resend.error)}</FormError>}
            <Button look="primary" block type="submit" busy={resend.isPending && 'Sending…'}>
              Send a new mail
            </Button>
          </form>
        )
      )}
    </Door>
  )
}

export function Forgot() {
  const [email, setEmail] = useState('')
  const forgot = useMutation({ mutationFn: () => answer(api.POST('/auth/forgot-password', { body: { email } })) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    forgot.mutate()
  }
  return (
    <Door title="Forgot password">
      {forgot.isSuccess ? (
        <p className="note ok">If there is an account for {email}, a mail with a link is on its way. It works for one hour.</p>
      ) : (
        <form className="stack wide" onSubmit={submit}>
          <Input
            label="E-mail"
            type="email"
            required
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          {forgot.isError && <FormError>{said(forgot.error)}</FormError>}
          <Button look="primary" block type="submit" busy={forgot.isPending && 'Sending…'}>
            Send a link
          </Button>
        </form>
      )}
      <Link to="/sign-in">Back to the sign-in</Link>
    </Door>
  )
}

export function Reset() {
  const { token } = useSearch({ strict: false })
  const [newPassword, setPassword] = useState('')
  const reset = useMutation({
    mutationFn: () => answer(api.POST('/auth/reset-password', { body: { token: token ?? '', newPassword } })),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    reset.mutate()
  }
  if (reset.isSuccess) {
    return (
      <Door title="Password changed">
        <p className="note ok">Every other session was ended.</p>
        <Link to="/sign-in" className="button primary block">
          Sign in
        </Link>
      </Door>
    )
  }
  return (
    <Door title="New password">
      {!token && (
        <FormError>
          The link is not whole. <Link to="/forgot">Ask for a new one</Link>
        </FormError>
      )}
      {reset.isError && <FormError>{problem(reset.error)}</FormError>}
      <form className="stack wide" onSubmit={submit}>
        <div className="stack">
          <Password
            label="New password"
            required
            minLength={12}
            maxLength={128}
            autoComplete="new-password"
            value={newPassword}
            onChange={(event) => setPassword(event.target.value)}
          />
          <PasswordRules password={newPassword} />
        </div>
        <Button
          look="primary"
          block
          type="submit"
          busy={reset.isPending && 'Changing…'}
          refused={!token && 'The link is not whole'}
        >
          Change the password
        </Button>
      </form>
    </Door>
  )
}

function problem(error: Error): string {
  if (hasCode(error, 'RESET_TOKEN_INVALID')) return 'The link was used or has expired. Ask for a new one.'
  if (hasCode(error, 'PASSWORD_REUSED')) return 'This password was used before. Choose another.'
  if (hasCode(error, 'WEAK_PASSWORD')) return 'The password is too easy to guess. Make it longer, or of several unrelated words.'
  return said(error)
}
