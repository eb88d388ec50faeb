import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { number, words } from '@/lib/format'
import { duration } from '@/lib/time'
import { Button } from '@/ui/Button'
import { FilterSelect } from '@/ui/FilterSelect'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { toast } from '@/ui/toast'
import { queuesQuery } from './queries'

/** How much stands in each queue, and leads to it. */
export function Queues() {
  const queues = useQuery(queuesQuery)
  return (
    <Panel title="Queues">
      <Loaded query={queues} rows={3}>
        {(data) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Queue</th>
                <th scope="col" className="end">
                  Running
                </th>
                <th scope="col" className="end">
                  Waiting
                </th>
                <th scope="col" className="end">
                  Later
                </th>
                <th scope="col" className="end">
                  Dead
                </th>
                <th scope="col" className="end">
                  Oldest waits
                </th>
                <th scope="col">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.queues.map((queue) => (
                <tr key={queue.name}>
                  <td className="first">
                    <Link to="/admin/jobs" search={{ queue: queue.name } as never}>
                      {words(queue.name)}
                    </Link>{' '}
                    {queue.paused && <span className="warn">! paused</span>}
                  </td>
                  <Count value={queue.running} word="running" />
                  <Count value={queue.depth} word="waiting" />
                  <Count value={queue.delayed} word="later" />
                  <td className="end">
                    {queue.dead > 0 ? (
                      <Link to="/admin/dead-letters" search={{ queue: queue.name } as never} className="bad">
                        {number(queue.dead)} <span className="narrow-only">dead</span>
                      </Link>
                    ) : (
                      <span className="muted">
                        0 <span className="narrow-only">dead</span>
                      </span>
                    )}
                  </td>
                  <td className="end" data-name="oldest">
                    {queue.oldestAgeSeconds == null ? '–' : duration(queue.oldestAgeSeconds * 1_000)}
                  </td>
                  <td className="act">
                    <Pause queue={queue} />
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

/** Nothing of a paused queue is begun, by no process; what runs goes on to its end. */
function Pause({ queue: { name, paused } }: { queue: Schemas['QueueAnswer'] }) {
  const client = useQueryClient()
  const pause = useMutation({
    mutationFn: () =>
      answer(api.POST(paused ? '/admin/queues/{name}/resume' : '/admin/queues/{name}/pause', { params: { path: { name } } })),
    onSuccess: () => toast(paused ? `${words(name)} goes on` : `${words(name)} is paused: nothing of it is begun`),
    onError: (error) => toast(said(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['queues'] }),
  })
  return (
    <Button small look="quiet" onClick={() => pause.mutate()}>
      {paused ? 'Resume' : 'Pause'}
      <span className="unseen"> {words(name)}</span>
    </Button>
  )
}

/** Every queue, or one. */
export function QueueFilter({ value, onChange }: { value: string | undefined; onChange: (queue: string | undefined) => void }) {
  const queues = useQuery(queuesQuery).data?.queues ?? []
  return (
    <FilterSelect
      label="Queue"
      value={value}
      options={[['', 'Every queue'], ...queues.map(({ name }) => [name, words(name)] as const)]}
      onChange={onChange}
    />
  )
}

function Count({ value, word }: { value: number; word: string }) {
  return (
    <td className={value === 0 ? 'end muted' : 'end'}>
      {number(value)} <span className="narrow-only">{word}</span>
    </td>
  )
}
