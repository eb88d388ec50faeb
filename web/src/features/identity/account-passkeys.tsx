import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { Button, IconButton } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Input, Password } from '@/ui/Field'
import { Empty, Loaded } from '@/ui/faces'
import { Menu } from '@/ui/Menu'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { FormError } from './door'
import { addPasskey, canUsePasskeys, passkeyProblem } from './webauthn'

type Passkey = Schemas['PasskeyAnswer']

export function Passkeys() {
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [renaming, setRenaming] = useState<Passkey>()
  const list = useQuery({ queryKey: ['passkeys'], queryFn: () => answer(api.GET('/auth/passkeys')) })
  const remove = useMutation({
    mutationFn: (passkey: Passkey) => answer(api.DELETE('/auth/passkeys/{id}', { params: { path: { id: passkey.id } } })),
    onSuccess: (_, passkey) => toast(`${passkey.name} is removed`),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['passkeys'] }),
  })
  const add = (
    <Button look="primary" refused={!canUsePasskeys() && 'This browser has no passkeys'} onClick={() => setAdding(true)}>
      Add a passkey
    </Button>
  )
  return (
    <>
      <Panel title="Passkeys" actions={list.data && list.data.passkeys.length > 0 && add}>
        <Loaded query={list} rows={2}>
          {({ passkeys }) =>
            passkeys.length === 0 ? (
              <Empty title="No passkeys yet." action={add}>
                A passkey signs you in with the lock of this device, without a password, and only here: a page that looks like
                this one gets nothing.
              </Empty>
            ) : (
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Added</th>
                    <th scope="col">Last used</th>
                    <th scope="col" style={{ width: '3.5rem' }}>
                      <span className="unseen">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {passkeys.map((passkey) => (
                    <tr key={passkey.id}>
                      <td className="first strong">{passkey.name}</td>
                      <td data-name="made">
                        <Time at={passkey.createdAt} />
                      </td>
                      <td data-name="used">
                        <Time at={passkey.lastUsedAt} none="never" />
                      </td>
                      <td className="act">
                        <Menu
                          trigger={<IconButton label={`Actions for ${passkey.name}`} icon={<MoreHorizontal size={16} />} />}
                          items={[
                            { label: 'Rename…', run: () => setRenaming(passkey) },
                            { label: 'Remove', destructive: true, run: () => remove.mutate(passkey) },
                          ]}
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Panel>
      {adding && <Add onClose={() => setAdding(false)} />}
      {renaming && <Rename passkey={renaming} onClose={() => setRenaming(undefined)} />}
    </>
  )
}

function Add({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState('This device')
  const [password, setPassword] = useState('')
  const add = useMutation({
    mutationFn: () => addPasskey(name, password),
    onSuccess: () => {
      toast(`${name} can sign in now`)
      client.invalidateQueries({ queryKey: ['passkeys'] })
      onClose()
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title="Add a passkey"
      action="Add"
      busy={add.isPending && 'Waiting for the device…'}
      onSubmit={() => add.mutate()}
    >
      <Input label="Name" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
      <Password
        label="Your password"
        hint="To be sure that it is you."
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {add.isError && <FormError>{passkeyProblem(add.error) ?? said(add.error)}</FormError>}
    </FormDialog>
  )
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState(passkey.name)
  const rename = useMutation({
    mutationFn: () => answer(api.PATCH('/auth/passkeys/{id}', { params: { path: { id: passkey.id } }, body: { name } })),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ['passkeys'] })
      onClose()
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Rename ${passkey.name}`}
      action="Rename"
      busy={rename.isPending && 'Renaming…'}
      onSubmit={() => rename.mutate()}
    >
      <Input label="Name" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
      {rename.isError && <FormError>{said(rename.error)}</FormError>}
    </FormDialog>
  )
}
