import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { words } from '@/lib/format'
import { useRows } from '@/lib/rows'
import { duration } from '@/lib/time'
import { Button, CopyButton } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Empty, Failed, SkeletonRows } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'
import { queuesQuery } from './queries'

type Job = Schemas['JobAnswer']

interface Filter {
  queue?: string
  status?: string
}

const STATUSES = ['queued', 'running', 'completed', 'cancelled', 'dead']

export function Jobs() {
  const { queue, status } = useSearch({ strict: false }) as Filter
  const navigate = useNavigate()
  const queues = useQuery(queuesQuery).data?.queues ?? []
  const list = useInfiniteQuery({
    queryKey: ['jobs', { queue, status }],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/admin/jobs', { params: { query: { queue, status, cursor: pageParam, limit: 50 } as never } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: 15_000,
  })
  const filter = (change: Filter) =>
    navigate({ to: '.', search: ((before: Filter) => ({ ...before, ...change })) as never, replace: true })
  const jobs = list.data?.pages.flatMap((page) => page.jobs) ?? []
  return (
    <>
      <div className="toolbar">
        <select
          className="input small fit"
          aria-label="Queue"
          value={queue ?? ''}
          onChange={(event) => filter({ queue: event.target.value || undefined })}
        >
          <option value="">Every queue</option>
          {queues.map(({ name }) => (
            <option key={name} value={name}>
              {words(name)}
            </option>
          ))}
        </select>
        <select
          className="input small fit"
          aria-label="Status"
          value={status ?? ''}
          onChange={(event) => filter({ status: event.target.value || undefined })}
        >
          <option value="">Every status</option>
          {STATUSES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <Panel>
        {list.isError ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : list.isPending ? (
          <SkeletonRows />
        ) : jobs.length === 0 ? (
          <Empty title="No such jobs." />
        ) : (
          <>
            <Table jobs={jobs} />
            {list.hasNextPage && (
              <div className="panel-foot">
                <Button small busy={list.isFetchingNextPage && 'Loading…'} onClick={() => list.fetchNextPage()}>
                  Older
                </Button>
              </div>
            )}
          </>
        )}
      </Panel>
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
            <th scope="col" style={{ width: 130 }}>
              Since
            </th>
            <th scope="col" style={{ width: 120 }}>
              Queue
            </th>
            <th scope="col">Job</th>
            <th scope="col" style={{ width: 200 }}>
              Status
            </th>
            <th scope="col" style={{ width: 110 }} className="end">
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
              <td className="end muted">
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
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  )
}
