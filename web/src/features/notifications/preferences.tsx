import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { useMe, useWorkspace } from '@/api/session'
import { words } from '@/lib/format'
import { Check, Select } from '@/ui/Field'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SaveFoot } from '@/ui/SaveFoot'
import { toast } from '@/ui/toast'
import { KINDS } from './kinds'

type Preferences = Schemas['Preferences']

const KEY = ['notification-preferences']

/** What one hears of in a workspace, and how. */
export function NotificationPreferences() {
  const workspace = useWorkspace()
  const query = useQuery({ queryKey: [...KEY, workspace.id], queryFn: () => answer(api.GET('/notifications/preferences')) })
  return (
    <Panel title={`Notifications of ${workspace.name}`}>
      <Loaded query={query} rows={10}>
        {(saved) => <Form saved={saved} key={JSON.stringify(saved)} />}
      </Loaded>
    </Panel>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

function Form({ saved }: { saved: Preferences }) {
  const me = useMe()
  const workspace = useWorkspace()
  const client = useQueryClient()
  const [chosen, setChosen] = useState(saved)
  const changed = JSON.stringify(chosen) !== JSON.stringify(saved)
  const save = useMutation({
    mutationFn: (body: Preferences) => answer(api.PUT('/notifications/preferences', { body })),
    onSuccess: (now) => {
      client.setQueryData([...KEY, workspace.id], now)
      toast('Preferences saved', () => save.mutate(saved))
    },
  })
  const matrix = chosen.matrix ?? {}
  const set = (kind: string, way: 'in_app' | 'email', value: string) => {
    const before = matrix[kind]
    if (before) setChosen({ ...chosen, matrix: { ...matrix, [kind]: { ...before, [way]: value } } })
  }
  const quiet = chosen.quietHours
  return (
    <>
      <table className="grid matrix">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">In the dashboard</th>
            <th scope="col">By mail to {me.email}</th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => [kind, matrix[kind]] as const).map(
            ([kind, ways]) =>
              ways && (
                <tr key={kind}>
                  <td className="first">{words(kind)}</td>
                  <td>
                    <Check
                      label={ways.in_app === 'instant' ? 'shown' : 'not shown'}
                      aria-label={`${words(kind)} in the dashboard`}
                      checked={ways.in_app === 'instant'}
                      onChange={(event) => set(kind, 'in_app', event.target.checked ? 'instant' : 'off')}
                    />
                  </td>
                  <td>
                    <select
                      className="input small fit"
                      aria-label={`${words(kind)} by mail`}
                      value={ways.email}
                      onChange={(event) => set(kind, 'email', event.target.value)}
                    >
                      <option value="instant">at once</option>
                      <option value="digest">in the digest</option>
                      <option value="off">not at all</option>
                    </select>
                  </td>
                </tr>
              ),
          )}
        </tbody>
      </table>
      <div className="panel-body stack wide">
        <div className="row wrap">
          <Select
            label="Digest"
            className="input fit"
            value={chosen.digest}
            onChange={(event) => setChosen({ ...chosen, digest: event.target.value })}
          >
            <option value="daily">daily</option>
            <option value="weekly">on Mondays</option>
            <option value="off">never</option>
          </Select>
          <Select
            label="At"
            className="input fit"
            value={chosen.digestHour}
            onChange={(event) => setChosen({ ...chosen, digestHour: Number(event.target.value) })}
          >
            {HOURS.map((hour) => (
              <option key={hour} value={hour}>
                {clock(hour)}
              </option>
            ))}
          </Select>
        </div>
        <Check
          label="Quiet hours, in which no mail comes at once"
          checked={Boolean(quiet)}
          onChange={(event) => setChosen({ ...chosen, quietHours: event.target.checked ? { from: 20, to: 7 } : null })}
        />
        {quiet && (
          <div className="row wrap">
            {(['from', 'to'] as const).map((end) => (
              <Select
                key={end}
                label={words(end)}
                className="input fit"
                value={quiet[end]}
                onChange={(event) => setChosen({ ...chosen, quietHours: { ...quiet, [end]: Number(event.target.value) } })}
              >
                {HOURS.map((hour) => (
                  <option key={hour} value={hour}>
                    {clock(hour)}
                  </option>
                ))}
              </Select>
            ))}
            <span className="caption">in {me.timezone}</span>
          </div>
        )}
      </div>
      <SaveFoot changed={changed} saving={save} onSave={() => save.mutate(chosen)} onDiscard={() => setChosen(saved)} />
    </>
  )
}
