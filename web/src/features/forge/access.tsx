import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { fieldErrors, said } from '@/api/problem'
import { useMay } from '@/api/session'
import { Button } from '@/ui/Button'
import { Password } from '@/ui/Field'
import { Panel } from '@/ui/Page'
import { toast } from '@/ui/toast'
import type { Whole } from './queries'

/** How Rampart gets at a repository of a forge, and hears of it. What is saved here is never shown again. */
export function Access({ repository }: { repository: Whole }) {
  const mayRenew = useMay('admin')
  const client = useQueryClient()
  const [accessToken, setToken] = useState('')
  const path = { id: repository.id }
  const keep = (saved: unknown, news: string) => {
    toast(news)
    client.setQueryData(['repositories', 'one', repository.id], saved)
  }
  const token = useMutation({
    mutationFn: () => answer(api.PUT('/repositories/{id}', { params: { path }, body: { accessToken } })),
    onSuccess: (saved) => {
      setToken('')
      keep(saved, 'The token is kept')
    },
  })
  const hook = useMutation({
    mutationFn: () => answer(api.POST('/repositories/{id}/webhook', { params: { path } })),
    onSuccess: (saved) => keep(saved, 'The webhook has a new secret'),
  })
  const refused = fieldErrors(token.error).accessToken
  const failed = refused ? hook.error : (token.error ?? hook.error)
  return (
    <Panel title="Access" padded>
      <form
        className="stack wide"
        onSubmit={(event) => {
          event.preventDefault()
          if (accessToken) token.mutate()
        }}
      >
        <Password
          label="Another access token"
          hint="In place of the one it is read with now; it has to reach the repository. It is kept sealed and not shown again."
          autoComplete="off"
          error={refused}
          value={accessToken}
          onChange={(event) => setToken(event.target.value.trim())}
        />
        <div className="row">
          <Button type="submit" busy={token.isPending && 'Trying it…'} refused={!accessToken && 'No token is typed in'}>
            Change the token
          </Button>
        </div>
        <p>
          {repository.webhookConfigured ? (
            <>
              <span className="ok">✓</span> Its webhook tells of each push and pull request.
            </>
          ) : (
            <>
              <span className="warn">!</span> It has no webhook: changes are looked for once an hour instead.
            </>
          )}
        </p>
        {mayRenew && (
          <div className="row">
            <Button busy={hook.isPending && 'Asking the forge…'} onClick={() => hook.mutate()}>
              {repository.webhookConfigured ? 'Give the webhook a new secret' : 'Install the webhook'}
            </Button>
          </div>
        )}
        {failed && (
          <p className="note bad" role="alert">
            {said(failed)}
          </p>
        )}
      </form>
    </Panel>
  )
}
