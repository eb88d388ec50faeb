import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { hasCode, said } from '@/api/problem'
import { useMe } from '@/api/session'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Input } from '@/ui/Field'
import { Empty } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { FormError } from './door'

export function Workspaces() {
  const me = useMe()
  const [making, setMaking] = useState(false)
  const make = (
    <Button look="primary" onClick={() => setMaking(true)}>
      New workspace
    </Button>
  )
  return (
    <>
      <Panel title="Workspaces" actions={me.workspaces.length > 0 && make}>
        {me.workspaces.length === 0 ? (
          <Empty title="You are in no workspace." action={make}>
            Make one, or open the link of an invitation.
          </Empty>
        ) : (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Your role</th>
                <th scope="col">Tier</th>
              </tr>
            </thead>
            <tbody>
              {me.workspaces.map((workspace) => (
                <tr key={workspace.id}>
                  <td className="first">
                    <Link to="/w/$slug" params={{ slug: workspace.slug }}>
                      {workspace.name}
                    </Link>
                  </td>
                  <td>{workspace.role}</td>
                  <td>{workspace.tier}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      {making && <Make onClose={() => setMaking(false)} />}
    </>
  )
}

function Make({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState('')
  const make = useMutation({
    mutationFn: () => answer(api.POST('/workspaces', { body: { name, slug: slug || undefined } })),
    onSuccess: async (made) => {
      await client.refetchQueries({ queryKey: ['me'] })
      onClose()
      navigate({ to: '/w/$slug', params: { slug: made.slug } })
    },
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title="New workspace"
      action="Make the workspace"
      busy={make.isPending && 'Making…'}
      onSubmit={() => make.mutate()}
    >
      <Input label="Name" required minLength={2} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
      <Input
        label="Short name"
        hint="For its address; made of the name when left out."
        className="input mono"
        value={slug}
        onChange={(event) => setSlug(event.target.value)}
      />
      {make.isError && (
        <FormError>{hasCode(make.error, 'CONFLICT') ? 'The short name is taken. Choose another.' : said(make.error)}</FormError>
      )}
    </FormDialog>
  )
}
