import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useMe, useWorkspace } from '@/api/session'
import { Button } from '@/ui/Button'
import { Dialog, FormDialog } from '@/ui/Dialog'
import { Check, Input, Select } from '@/ui/Field'
import { Empty, Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Pager } from '@/ui/Pager'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { Once } from './once'

type Token = Schemas['TokenAnswer']

/** What each scope lets a program do. */
const SCOPES: [string, string][] = [
  ['read', 'look at everything of the workspace'],
  ['write', 'change repositories, findings and settings'],
  ['scan', 'start scans and hand in reports'],
  ['mission', 'run missions'],
  ['admin', 'whatever an administrator of the workspace may'],
]

export function Tokens() {
  const me = useMe()
  const client = useQueryClient()
  const [making, setMaking] = useState(false)
  const list = useQuery({
    queryKey: ['tokens'],
    queryFn: () => answer(api.GET('/users/me/tokens', { params: { query: { limit: 100 } as never } })),
  })
  const revoke = useMutation({
    mutationFn: (token: Token) => answer(api.DELETE('/users/me/tokens/{id}', { params: { path: { id: token.id } } })),
    onSuccess: (_, token) => toast(`${token.name} works no more`),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  const make = (
    <Button look="primary" onClick={() => setMaking(true)}>
      New token
    </Button>
  )
  const workspaceName = (id: string) => me.workspaces.find((workspace) => workspace.id === id)?.name ?? '–'
  return (
    <>
      <Panel title="API tokens" actions={list.data && list.data.total > 0 && make}>
        <Loaded query={list} rows={3}>
          {(data) =>
            data.tokens.length === 0 ? (
              <Empty title="No tokens yet." action={make}>
                A token lets a program act in your name in one workspace: a build that scans, a script that asks.
              </Empty>
            ) : (
              <>
                <table className="grid">
                  <thead>
                    <tr>
                      <th scope="col">Name</th>
                      <th scope="col">May</th>
                      <th scope="col">Workspace</th>
                      <th scope="col">Last used</th>
                      <th scope="col">Ends</th>
                      <th scope="col" style={{ width: '6rem' }}>
                        <span className="unseen">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.tokens.map((token) => (
                      <tr key={token.id}>
                        <td className="first">
                          <span className="strong">{token.name}</span> <code className="muted">{token.prefix}…</code>
                        </td>
                        <td>{token.scopes.join(', ')}</td>
                        <td className="clip">{workspaceName(token.workspaceId)}</td>
                        <td data-name="used">
                          <Time at={token.lastUsedAt} none="never" />
                        </td>
                        <td data-name="ends">
                          <Time at={token.expiresAt} />
                        </td>
                        <td className="act wide">
                          <Button small look="destructive" onClick={() => revoke.mutate(token)}>
                            Revoke
                          </Button>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <Pager page={data.page} perPage={data.perPage} total={data.total} />
              </>
            )
          }
        </Loaded>
      </Panel>
      {making && <Make onClose={() => setMaking(false)} />}
    </>
  )
}

function Make({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState(['read'])
  const [workspaceId, setWorkspaceId] = useState(workspace.id)
  const [expiresInDays, setDays] = useState(90)
  const make = useMutation({
    mutationFn: () =>
      answer(api.POST('/users/me/tokens', { body: { name, scopes: scopes as never, workspaceId, expiresInDays } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  if (make.data) {
    return (
      <Dialog open onClose={onClose} title={`Token ${name}`}>
        <Once label="Copy the token" value={make.data.token} />
        <div className="dialog-foot">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </Dialog>
    )
  }
  const toggle = (scope: string) => setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope])
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New token"
      action="Make the token"
      busy={make.isPending && 'Making…'}
      refused={scopes.length === 0 && 'Choose what it may do'}
      onSubmit={() => make.mutate()}
    >
      <Input
        label="Name"
        hint="What it is for."
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="fieldset stack">
        <legend className="label">May</legend>
        {SCOPES.map(([scope, about]) => (
          <Check key={scope} label={scope} hint={about} checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
        ))}
      </fieldset>
      <Select label="In" value={workspaceId} onChange={(event) => setWorkspaceId(event.target.value)}>
        {me.workspaces.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
      <Select label="Ends after" value={expiresInDays} onChange={(event) => setDays(Number(event.target.value))}>
        {[7, 30, 90, 180, 365].map((days) => (
          <option key={days} value={days}>
            {days} days
          </option>
        ))}
      </Select>
      {make.isError && <FormError>{said(make.error)}</FormError>}
    </FormDialog>
  )
}
