import { useMutation } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { Button } from '@/ui/Button'
import { Input } from '@/ui/Field'
import { Door, FormError } from './door'
import { useArrive } from './sign-in'

const DIGITS = 6

/** After the password: six digits, which send themselves, or a backup code. */
export function SecondFactor() {
  const challengeToken = useRouterState({ select: (state) => (state.location.state as { challenge?: string }).challenge })
  const [backup, setBackup] = useState(false)
  const [code, setCode] = useState('')
  const arrive = useArrive()
  const send = useMutation({
    mutationFn: (code: string) =>
      answer(api.POST('/auth/2fa/challenge', { body: { challengeToken: challengeToken ?? '', code } })),
    onSuccess: arrive,
    onError: () => setCode(''),
  })
  if (!challengeToken) {
    return (
      <Door title="Second factor">
        <p>
          The code is asked after the password. <Link to="/sign-in">Sign in</Link>
        </p>
      </Door>
    )
  }
  const type = (text: string) => {
    const wanted = backup ? text : text.replace(/\D/g, '').slice(0, DIGITS)
    setCode(wanted)
    if (!backup && wanted.length === DIGITS && !send.isPending) send.mutate(wanted)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!send.isPending) send.mutate(code.trim())
  }
  return (
    <Door title="Second factor">
      {send.isError && <FormError>{problem(send.error)}</FormError>}
      <form className="stack wide" onSubmit={submit}>
        <Input
          key={String(backup)}
          label={backup ? 'Backup code' : 'Code of your authenticator app'}
          hint={backup ? 'Each code works once.' : 'Six digits, new every 30 seconds.'}
          inputMode={backup ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoFocus
          required
          className="input mono"
          value={code}
          onChange={(event) => type(event.target.value)}
        />
        <Button look="primary" block type="submit" busy={send.isPending && 'Checking…'}>
          Continue
        </Button>
      </form>
      <Button
        look="link"
        onClick={() => {
          setBackup(!backup)
          setCode('')
          send.reset()
        }}
      >
        {backup ? 'Use the authenticator app' : 'Use a backup code'}
      </Button>
    </Door>
  )
}

function problem(error: Error): string {
  if (hasCode(error, 'TWO_FACTOR_INVALID')) return 'The code is wrong or was used before.'
  return said(error)
}
