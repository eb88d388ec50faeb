import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { said } from '@/api/problem'
import { words } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FormDialog } from '@/ui/Dialog'
import { Check, Input } from '@/ui/Field'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { toast } from '@/ui/toast'

type Schedule = Schemas['ScheduleAnswer']

export function Schedules() {
  const client = useQueryClient()
  const [moving, setMoving] = useState<Schedule>()
  const list = useQuery({ queryKey: ['schedules'], queryFn: () => answer(api.GET('/admin/schedules')) })
  const refresh = () => client.invalidateQueries({ queryKey: ['schedules'] })
  const turn = useMutation({
    mutationFn: ({ schedule, enabled }: { schedule: Schedule; enabled: boolean }) =>
      answer(api.PATCH('/admin/schedules/{name}', { params: { path: { name: schedule.name } }, body: { enabled } })),
    onSuccess: (_, { schedule, enabled }) =>
      toast(`${words(schedule.name)} is ${enabled ? 'on' : 'off'}`, () => turn.mutate({ schedule, enabled: !enabled })),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  const run = useMutation({
    mutationFn: (schedule: Schedule) =>
      answer(api.POST('/admin/schedules/{name}/run', { params: { path: { name: schedule.name } } })),
    onSuccess: ({ jobId }, schedule) =>
      toast(jobId ? `${words(schedule.name)} runs now` : `${words(schedule.name)} waits or runs already`),
    onError: (error) => toast(said(error)),
    onSettled: refresh,
  })
  return (
    <Panel title="Schedules">
      <Loaded query={list}>
        {({ schedules }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Schedule</th>
                <th scope="col" style={{ width: '9.375rem' }}>
                  When
                </th>
                <th scope="col" style={{ width: '8.125rem' }}>
                  Last
                </th>
                <th scope="col" style={{ width: '8.125rem' }}>
                  Next
                </th>
                <th scope="col" style={{ width: '5rem' }}>
                  On
                </th>
                <th scope="col" style={{ width: '6.875rem' }}>
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {schedules.map((schedule) => (
                <tr key={schedule.name}>
                  <td className="first strong">{words(schedule.name)}</td>
                  <td>
                    <code title={schedule.timezone}>{schedule.cron}</code>
                    {schedule.usualCron && <span className="caption"> moved from {schedule.usualCron}</span>}
                  </td>
                  <td data-name="ran">
                    <Time at={schedule.lastRunAt} none="never" />
                  </td>
                  <td data-name="next">
                    {schedule.enabled ? <Time at={schedule.nextRunAt} /> : <span className="muted">–</span>}
                  </td>
                  <td>
                    <Check
                      label={<span className="unseen">{words(schedule.name)} is on</span>}
                      checked={schedule.enabled}
                      onChange={(event) => turn.mutate({ schedule, enabled: event.target.checked })}
                    />
                  </td>
                  <td className="act wide">
                    <span className="row">
                      <Button small onClick={() => run.mutate(schedule)}>
                        Run now
                      </Button>
                      <Button small look="quiet" onClick={() => setMoving(schedule)}>
                        Move…
                      </Button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {moving && <Move schedule={moving} onClose={() => setMoving(undefined)} refresh={refresh} />}
    </Panel>
  )
}

function Move({ schedule, onClose, refresh }: { schedule: Schedule; onClose: () => void; refresh: () => void }) {
  const [cron, setCron] = useState(schedule.cron)
  const move = useMutation({
    mutationFn: () => answer(api.PATCH('/admin/schedules/{name}', { params: { path: { name: schedule.name } }, body: { cron } })),
    onSuccess: () => {
      toast(`${words(schedule.name)} is moved`)
      onClose()
    },
    onSettled: refresh,
  })
  const usual = schedule.usualCron ?? schedule.cron
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Move ${words(schedule.name)}`}
      action="Move"
      busy={move.isPending && 'Moving…'}
      onSubmit={() => move.mutate()}
    >
      <Input
        label="Time"
        hint={`Minute, hour, day, month, day of the week, in ${schedule.timezone}. Left empty: ${usual}, as the program has it.`}
        error={move.error ? said(move.error) : undefined}
        value={cron}
        onChange={(event) => setCron(event.target.value)}
      />
    </FormDialog>
  )
}
