import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { useFilter } from '@/lib/filter'
import { words } from '@/lib/format'
import { AT_A_TIME, useOlder } from '@/lib/older'
import { useRows } from '@/lib/rows'
import { duration } from '@/lib/time'
import { Button, CopyButton } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { FilterSelect } from '@/ui/FilterSelect'
import { Empty } from '@/ui/faces'
import { Older } from '@/ui/List'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { QueueFilter, Queues } from './queues'

type Job = Schemas['JobAnswer']

interface Filter {
  queue?: string
  status?: string
}

/** Jobs come and go without the sockets telling. */
const REFRESH_MS = 15_000

const STATUSES = ['queued', 'running', 'completed', 'cancelled', 'dead']

export function Jobs() {
  const [{ queue, status }, filter] = useFilter<Filter>()
  const list = useOlder(
    ['jobs', { queue, status }],
    (cursor) => answer(api.GET('/admin/jobs', { params: { query: { queue, status, cursor, limit: AT_A_TIME } as never } })),
    REFRESH_MS,
  )
  return (
    <>
      <Queues />
      <div className="toolbar">
        <QueueFilter value={queue} onChange={(queue) => filter({ queue })} />
        <FilterSelect
          label="Status"
          value={status}
          options={[['', 'Every status'], ...STATUSES]}
          onChange={(status) => filter({ status })}
        />
      </div>
      <Older query={list} of={(page) => page.jobs} empty={<Empty title="No such jobs." />}>
        {(jobs) => <Table jobs={jobs} />}
      </Older>
    </>
  )
}

function Table({ jobs }: { jobs: Job[] }) {
  const [open, setOpen] = useState<Job>()
  const rows = useRows({ count: jobs.length, open: (at) => setOpen(jobs[at]) })
  return (
    <>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" style={{ width: '8.125rem' }}>
              Since
            </th>
            <th scope="col" style={{ width: '7.5rem' }}>
              Queue
            </th>
            <th scope="col">Job</th>
            <th scope="col" style={{ width: '12.5rem' }}>
              Status
            </th>
            <th scope="col" style={{ width: '6.875rem' }} className="end">
              Try
            </th>
          </tr>
        </thead>
        <tbody ref={rows.holder as never}>
          {jobs.map((job, at) => (
            <tr key={job.id} {...rows.row(at)} onClick={() => setOpen(job)}>
              <td>
                <Time at={job.startedAt ?? job.runAt} />
              </td>
              <td className="muted">{words(job.queue)}</td>
              <td className="clip first">
                <code>{job.type}</code>
              </td>
              <td className="clip">
                <Status job={job} />
              </td>
              <td className="end muted" data-name="try">
                {job.attempts} of {job.maxAttempts}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open && <Details job={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Status({ job }: { job: Job }) {
  const took =
    job.startedAt && job.finishedAt ? new Date(job.finishedAt).getTime() - new Date(job.startedAt).getTime() : undefined
  switch (job.status) {
    case 'completed':
      return <span className="ok">✓ done{took === undefined ? '' : ` in ${duration(took)}`}</span>
    case 'running':
      return <span>● running</span>
    case 'dead':
      return <span className="bad">✕ {job.lastError ?? 'failed'}</span>
    case 'cancelled':
      return <span className="muted">⊘ cancelled</span>
    default:
      return job.lastError ? <span className="warn">! {job.lastError}</span> : <span className="muted">○ waiting</span>
  }
}

function Details({ job, onClose }: { job: Job; onClose: () => void }) {
  const client = useQueryClient()
  const refresh = () => {
    client.invalidateQueries({ queryKey: ['jobs'] })
    client.invalidateQueries({ queryKey: ['queues'] })
  }
  const cancel = useMutation({
    mutationFn: () => answer(api.POST('/admin/jobs/{id}/cancel', { params: { path: { id: job.id } } })),
    onSuccess: () => {
      toast(`${job.type} is cancelled`)
      onClose()
    },
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const retry = useMutation({
    mutationFn: () => answer(api.POST('/admin/jobs/{id}/retry', { params: { path: { id: job.id } } })),
    onSuccess: () => {
      toast(`${job.type} is put back`)
      onClose()
    },
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <Dialog open onClose={onClose} title={<code>{job.type}</code>} wide>
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <Status job={job} />
        </dd>
        <dt>Queue</dt>
        <dd>{words(job.queue)}</dd>
        <dt>To run</dt>
        <dd>
          <Time at={job.runAt} />
        </dd>
        <dt>Began</dt>
        <dd>
          <Time at={job.startedAt} />
        </dd>
        <dt>Ended</dt>
        <dd>
          <Time at={job.finishedAt} />
        </dd>
        <dt>Tries</dt>
        <dd className="num">
          {job.attempts} of {job.maxAttempts}
        </dd>
        {job.lastError && (
          <>
            <dt>Last error</dt>
            <dd className="bad">{job.lastError}</dd>
          </>
        )}
        <dt>Request</dt>
        <dd className="row">
          <code>{job.requestId}</code>
          <CopyButton text={job.requestId} label="Copy the request's id" />
        </dd>
      </dl>
      <div className="dialog-foot">
        {job.status === 'queued' && (
          <Button look="destructive" busy={cancel.isPending && 'Cancelling…'} onClick={() => cancel.mutate()}>
            Cancel the job
          </Button>
        )}
        {job.status === 'dead' && (
          <Button look="primary" busy={retry.isPending && 'Putting back…'} onClick={() => retry.mutate()}>
            Put back
          </Button>
        )}
      </div>
    </Dialog>
  )
}
