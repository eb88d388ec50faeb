import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useFilter } from '@/lib/filter'
import { counted, number, words } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Empty } from '@/ui/faces'
import { Count, PagedList } from '@/ui/List'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { QueueFilter } from './queues'

type DeadLetter = Schemas['DeadLetterAnswer']

/** Jobs that failed as often as they may: each with its reason, to be put back or thrown away. */
export function DeadLetters() {
  const [{ queue, page = 1 }, filter] = useFilter<{ queue?: string; page?: number }>()
  const [all, setAll] = useState(false)
  const list = useQuery({
    queryKey: ['dead-letters', { queue, page }],
    queryFn: () => answer(api.GET('/admin/dead-letters', { params: { query: { queue, page, limit: 50 } as never } })),
  })
  return (
    <>
      <div className="toolbar">
        <QueueFilter value={queue} onChange={(queue) => filter({ queue })} />
        <Count of={list.data} one="dead letter" />
        {list.data && list.data.total > 0 && (
          <Button small onClick={() => setAll(true)}>
            Put all {number(list.data.total)} back…
          </Button>
        )}
      </div>
      <PagedList
        query={list}
        of={(data) => data.deadLetters}
        empty={
          <Empty title={queue ? `No dead letters of ${words(queue)}.` : 'No dead letters.'}>
            Every job ended, or is still tried.
          </Empty>
        }
      >
        {(letters) => <List letters={letters} />}
      </PagedList>
      {all && <PutAllBack queue={queue} total={list.data?.total ?? 0} onClose={() => setAll(false)} />}
    </>
  )
}

function useRefresh() {
  const client = useQueryClient()
  return () => {
    for (const key of ['dead-letters', 'queues', 'jobs']) client.invalidateQueries({ queryKey: [key] })
  }
}

function List({ letters }: { letters: DeadLetter[] }) {
  const [removing, setRemoving] = useState<DeadLetter>()
  const refresh = useRefresh()
  const retry = useMutation({
    mutationFn: (letter: DeadLetter) =>
      answer(api.POST('/admin/dead-letters/{id}/retry', { params: { path: { id: letter.id } } })),
    onSuccess: (_, letter) => toast(`${letter.type} is put back`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const rows = useRows({
    count: letters.length,
    keys: [{ keys: 'o', label: 'Put back', run: (at) => letters[at] && retry.mutate(letters[at]) }],
  })
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" style={{ width: '7.5rem' }}>
              Failed
            </th>
            <th scope="col" style={{ width: '13.75rem' }}>
              Job
            </th>
            <th scope="col">Reason</th>
            <th scope="col" style={{ width: '5rem' }} className="end">
              Tries
            </th>
            <th scope="col" style={{ width: '11.25rem' }}>
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody ref={rows.holder as never}>
          {letters.map((letter, at) => (
            <tr key={letter.id} {...rows.row(at)}>
              <td>
                <Time at={letter.failedAt} />
              </td>
              <td className="first clip">
                <code>{letter.type}</code> <span className="caption">{words(letter.queue)}</span>
              </td>
              <td>
                {letter.error}
                {letter.errors.length > 1 && <Tries letter={letter} />}
              </td>
              <td className="end">{letter.attempts}</td>
              <td className="act wide">
                <span className="row">
                  <Button small onClick={() => retry.mutate(letter)}>
                    Put back
                  </Button>
                  <Button small look="destructive" onClick={() => setRemoving(letter)}>
                    Delete…
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removing && <Remove letter={removing} onClose={() => setRemoving(undefined)} refresh={refresh} />}
    </>
  )
}

/** Each with its own reason: the last is often only what the first led to. */
function Tries({ letter }: { letter: DeadLetter }) {
  const earlier = letter.attempts - letter.errors.length
  return (
    <details className="tries">
      <summary className="caption">{counted(letter.attempts, 'try', 'tries')}</summary>
      <ol>
        {earlier > 0 && <li className="muted">{counted(earlier, 'earlier one', 'earlier ones')}, not kept</li>}
        {letter.errors.map(({ at, error }) => (
          <li key={at}>
            <Time at={at} /> <span className="muted">{error}</span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function PutAllBack({ queue, total, onClose }: { queue: string | undefined; total: number; onClose: () => void }) {
  const put = useMutation({
    mutationFn: () => answer(api.POST('/admin/dead-letters/retry', { body: { queue } })),
    onSuccess: ({ retried, left }) => {
      toast(`${counted(retried, 'job')} put back${left > 0 ? `, ${number(left)} left` : ''}`)
      onClose()
    },
    onSettled: useRefresh(),
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Put ${counted(total, 'dead letter')}${queue ? ` of ${words(queue)}` : ''} back`}
      action="Put back"
      busy={put.isPending && 'Putting back…'}
      onSubmit={() => put.mutate()}
    >
      <p>
        Each is tried anew, with all its tries before it. At most 1,000 go at once, and of those that are to do the same only one:
        what is left stays here.
      </p>
      {put.isError && <p className="bad">{said(put.error)}</p>}
    </FormDialog>
  )
}

function Remove({ letter, onClose, refresh }: { letter: DeadLetter; onClose: () => void; refresh: () => void }) {
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/admin/dead-letters/{id}', { params: { path: { id: letter.id } } })),
    onSuccess: () => {
      toast(`${letter.type} is deleted`)
      onClose()
    },
    onSettled: refresh,
  })
  return (
    <FormDialog
      open
      onClose={onClose}
      destructive
      title={`Delete ${letter.type}`}
      action="Delete"
      busy={remove.isPending && 'Deleting…'}
      onSubmit={() => remove.mutate()}
    >
      <p>What it was to do is not done. It cannot be brought back.</p>
      {remove.isError && <p className="bad">{said(remove.error)}</p>}
    </FormDialog>
  )
}
