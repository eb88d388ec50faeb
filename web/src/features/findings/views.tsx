// Filters kept under a name: one's own, and those that others share.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Bookmark, X } from 'lucide-react'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useMay, useWorkspace } from '@/api/session'
import { useFilter } from '@/lib/filter'
import { useKeys } from '@/lib/keys'
import { Button, IconButton } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Check, Input } from '@/ui/Field'
import { toast } from '@/ui/toast'
import type { Filter } from './filter'
import { kept, opened, viewsQuery } from './views-query'

type View = Schemas['SavedView']

export function Views({ filter }: { filter: Filter }) {
  const { slug } = useWorkspace()
  // In the address, so that there is a way to it from other pages.
  const [{ views: at }, change] = useFilter<{ views?: string }>()
  const setOpen = (open: boolean) => change({ views: open ? 'all' : undefined })
  const views = useQuery(viewsQuery(slug)).data?.views ?? []
  const current = views.find((view) => kept(opened(view.filter)) === kept(filter))
  useKeys([{ keys: 'v', label: 'Views', group: 'List', run: () => setOpen(true) }])
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        <Bookmark size={14} aria-hidden="true" /> {current?.name ?? 'Views'}
      </Button>
      <Dialog open={at !== undefined} onClose={() => setOpen(false)} title="Views">
        {views.length > 0 && <List views={views} />}
        <Save filter={filter} known={current} />
      </Dialog>
    </>
  )
}

function List({ views }: { views: View[] }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: (view: View) => answer(api.DELETE('/views/{id}', { params: { path: { id: view.id } } })),
    onSuccess: (_, view) => toast(`“${view.name}” is removed`),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['views', slug] }),
  })
  return (
    <ul className="views" aria-label="Saved views">
      {views.map((view) => (
        <li key={view.id}>
          <button
            type="button"
            className="button link"
            onClick={() => {
              navigate({ to: '.', search: opened(view.filter) as never })
            }}
          >
            {view.name}
          </button>
          <span className="caption">{view.own ? view.shared && 'shared by you' : 'shared'}</span>
          {view.own && <IconButton label={`Remove ${view.name}`} icon={<X size={14} />} onClick={() => remove.mutate(view)} />}
        </li>
      ))}
    </ul>
  )
}

function Save({ filter, known }: { filter: Filter; known: View | undefined }) {
  const { slug } = useWorkspace()
  const mayShare = useMay('member')
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const save = useMutation({
    mutationFn: () => answer(api.POST('/views', { body: { name, shared, filter: kept(filter) } })),
    onSuccess: () => {
      toast(`“${name}” is saved`)
      setName('')
      client.invalidateQueries({ queryKey: ['views', slug] })
    },
  })
  if (known) return <p className="muted">What is shown is “{known.name}”. Change the filter to save another.</p>
  return (
    <form
      className="stack wide"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Input
        label="Save what is shown as"
        required
        maxLength={60}
        value={name}
        error={save.isError ? said(save.error) : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      {mayShare && (
        <Check label="For everybody in the workspace" checked={shared} onChange={(event) => setShared(event.target.checked)} />
      )}
      <div className="dialog-foot">
        <Button type="submit" look="primary" busy={save.isPending && 'Saving…'}>
          Save the view
        </Button>
      </div>
    </form>
  )
}
