import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useFilter } from '@/lib/filter'
import { bytes } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'

type Backup = Schemas['Backup']

/** Backups that the server made: each can be checked, and removed for good. */
export function Backups() {
  const [{ page = 1 }] = useFilter<{ page?: number }>()
  const refresh = useRefresh()
  const list = useQuery({
    queryKey: ['backups', { page }],
    queryFn: () => answer(api.GET('/admin/backups', { params: { query: { page, limit: 50 } as never } })),
    // One that is being made is done by and by.
    refetchInterval: ({ state }) => (state.data?.backups.some(({ status }) => status === 'running') ? 3_000 : false),
  })
  const make = useMutation({
    mutationFn: () => answer(api.POST('/admin/backups')),
    onSuccess: () => toast('A backup is being made'),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <>
      <div className="toolbar">
        <Button small onClick={() => make.mutate()} busy={make.isPending && 'Beginning…'}>
          Back up now
        </Button>
        <Count of={list.data} one="backup" />
      </div>
      <PagedList
        query={list}
        of={(data) => data.backups}
        empty={
          <Empty title="No backups yet.">The embedded database is backed up each night. PostgreSQL has its own means.</Empty>
        }
      >
        {(backups) => <List backups={backups} />}
      </PagedList>
    </>
  )
}

function useRefresh() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['backups'] })
}

function List({ backups }: { backups: Backup[] }) {
  const [removing, setRemoving] = useState<Backup>()
  const refresh = useRefresh()
  const verify = useMutation({
    mutationFn: (backup: Backup) => answer(api.POST('/admin/backups/{id}/verify', { params: { path: { id: backup.id } } })),
    onSuccess: ({ valid, error }) => toast(valid ? 'The backup is whole' : `The backup does not hold: ${error}`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" style={{ width: '9.375rem' }}>
              Made
            </th>
            <th scope="col" style={{ width: '8.125rem' }}>
              By
            </th>
            <th scope="col">State</th>
            <th scope="col" style={{ width: '6.25rem' }} className="end">
              Size
            </th>
            <th scope="col" style={{ width: '11.25rem' }}>
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {backups.map((backup) => (
            <tr key={backup.id}>
              <td className="first">
                <Time at={backup.createdAt} />
              </td>
              <td>{backup.kind === 'scheduled' ? 'the schedule' : 'hand'}</td>
              <td>
                <State backup={backup} />
              </td>
              <td className="end" data-name="size">
                {backup.sizeBytes > 0 ? bytes(backup.sizeBytes) : '–'}
              </td>
              <td className="act wide">
                {backup.status !== 'running' && (
                  <span className="row">
                    {backup.status !== 'failed' && (
                      <Button
                        small
                        onClick={() => verify.mutate(backup)}
                        busy={verify.variables === backup && verify.isPending && 'Checking…'}
                      >
                        Check
                      </Button>
                    )}
                    <Button small look="destructive" onClick={() => setRemoving(backup)}>
                      Delete…
                    </Button>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removing && <Remove backup={removing} onClose={() => setRemoving(undefined)} />}
    </>
  )
}

function State({ backup: { status, error } }: { backup: Backup }) {
  if (status === 'failed') return <span className="bad">✕ {error ?? 'failed'}</span>
  if (status === 'running') return <span className="muted">being made…</span>
  return <span className="ok">✓ {status === 'verified' ? 'made and checked' : 'made'}</span>
}

function Remove({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/admin/backups/{id}', { params: { path: { id: backup.id } } })),
    onSuccess: () => {
      toast('The backup is deleted')
      onClose()
    },
    onSettled: useRefresh(),
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      destructive
      title="Delete this backup"
      action="Delete"
      busy={remove.isPending && 'Deleting…'}
      onSubmit={() => remove.mutate()}
    >
      <p>Nothing can be restored from it any more.</p>
      {remove.isError && <p className="bad">{said(remove.error)}</p>}
    </FormDialog>
  )
}
