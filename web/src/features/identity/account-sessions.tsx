import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { entranceQuery } from '@/api/session'
import { counted } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Password } from '@/ui/Field'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { PROVIDERS } from './sign-in'

type Session = Schemas['SessionAnswer']

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['sessions'], queryFn: () => answer(api.GET('/auth/sessions')) })
  const refresh = () => client.invalidateQueries({ queryKey: ['sessions'] })
  const end = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/auth/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => toast('The session is ended'),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const endOthers = useMutation({
    mutationFn: () => answer(api.DELETE('/auth/sessions', { params: { query: { keepCurrent: true } as never } })),
    onSuccess: ({ revoked }) => toast(`${counted(revoked, 'session')} ended`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const others = list.data?.sessions.some((session) => !session.current)
  return (
    <Panel
      title="Where you are signed in"
      actions={
        <Button
          small
          refused={!others && 'There is no other session'}
          busy={endOthers.isPending && 'Ending…'}
          onClick={() => endOthers.mutate()}
        >
          End all others
        </Button>
      }
    >
      <Loaded query={list} rows={3}>
        {({ sessions }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col">Address</th>
                <th scope="col">Signed in</th>
                <th scope="col">Last used</th>
                <th scope="col" style={{ width: '6rem' }}>
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <tr key={session.id}>
                  <td className="first strong">{device(session)}</td>
                  <td className="mono muted">{session.ipAddress ?? '–'}</td>
                  <td data-name="since">
                    <Time at={session.createdAt} />
                  </td>
                  <td data-name="used">
                    <Time at={session.lastUsed} />
                  </td>
                  <td className="act wide">
                    {session.current ? (
                      <span className="ok">✓ this one</span>
                    ) : (
                      <Button small onClick={() => end.mutate(session.id)}>
                        End
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  )
}

function device({ deviceInfo: { name, browser, os } }: Session): string {
  return name ?? ([browser, os].filter(Boolean).join(' on ') || 'Unknown device')
}

/** Accounts elsewhere that lead to one's own. */
export function Connections() {
  const client = useQueryClient()
  const [connecting, setConnecting] = useState<string>()
  const entrance = useQuery(entranceQuery)
  const list = useQuery({ queryKey: ['connections'], queryFn: () => answer(api.GET('/users/me/connections')) })
  const remove = useMutation({
    mutationFn: (provider: string) => answer(api.DELETE('/users/me/connections/{provider}', { params: { path: { provider } } })),
    onSuccess: () => toast('The connection is removed'),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['connections'] }),
  })
  return (
    <Panel title="Accounts elsewhere">
      <Loaded query={list} rows={2}>
        {({ connections }) => {
          const open = (entrance.data?.oauthProviders ?? []).filter((name) => !connections.some((one) => one.provider === name))
          return (
            <>
              {connections.length === 0 && open.length === 0 && (
                <Empty title="No provider is configured.">
                  An administrator sets <code>GITHUB_CLIENT_ID</code> or <code>GOOGLE_CLIENT_ID</code>, so that people sign in
                  through them.
                </Empty>
              )}
              {connections.map((connection) => (
                <div className="panel-row" key={connection.provider}>
                  <div className="grow">
                    <h3>{PROVIDERS[connection.provider] ?? connection.provider}</h3>
                    <p className="muted">
                      {connection.login}, connected <Time at={connection.connectedAt} />
                    </p>
                  </div>
                  <Button onClick={() => remove.mutate(connection.provider)}>Disconnect</Button>
                </div>
              ))}
              {open.map((provider) => (
                <div className="panel-row" key={provider}>
                  <div className="grow">
                    <h3>{PROVIDERS[provider] ?? provider}</h3>
                    <p className="muted">Not connected</p>
                  </div>
                  <Button onClick={() => setConnecting(provider)}>Connect…</Button>
                </div>
              ))}
            </>
          )
        }}
      </Loaded>
      {connecting && <Connect provider={connecting} onClose={() => setConnecting(undefined)} />}
    </Panel>
  )
}

function Connect({ provider, onClose }: { provider: string; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const name = PROVIDERS[provider] ?? provider
  const connect = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/users/me/connections/{provider}', {
          params: { path: { provider } },
          body: { password: password || undefined },
        }),
      ),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Connect ${name}`}
      action={`Go to ${name}`}
      busy={connect.isPending && 'One moment…'}
      onSubmit={() => connect.mutate()}
    >
      <Password
        label="Your password"
        hint="To be sure that it is you."
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {connect.isError && <FormError>{said(connect.error)}</FormError>}
    </FormDialog>
  )
}
