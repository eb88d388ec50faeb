import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type Schemas } from '@/api/client'
import { Check, Input, Select } from '@/ui/Field'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SaveFoot } from '@/ui/SaveFoot'
import { toast } from '@/ui/toast'

type Settings = Schemas['InstallationSettings']

const KEY = ['installation-settings']

/** What administrators change of the installation while it runs, and what was set when it was started. */
export function Installation() {
  const settings = useQuery({ queryKey: KEY, queryFn: () => answer(api.GET('/admin/settings')) })
  return (
    <>
      <Panel title="Settings">
        <Loaded query={settings} rows={6}>
          {(saved) => <Form saved={saved} key={JSON.stringify(saved)} />}
        </Loaded>
      </Panel>
      <Configuration />
    </>
  )
}

const DAYS = [
  ['reportDays', 'Reports of scans'],
  ['webhookDeliveryDays', 'Deliveries of webhooks'],
  ['notificationDays', 'Notifications that were read'],
] as const

function Form({ saved }: { saved: Settings }) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState(saved)
  const changed = JSON.stringify(chosen) !== JSON.stringify(saved)
  const save = useMutation({
    mutationFn: (body: Settings) => answer(api.PATCH('/admin/settings', { body })),
    onSuccess: (now) => {
      client.setQueryData(KEY, now)
      toast('Settings saved', () => save.mutate(saved))
    },
  })
  return (
    <>
      <div className="panel-body stack wide">
        <div className="row wrap">
          <Select
            label="Who may register"
            className="input fit"
            value={chosen.registrationMode}
            onChange={(event) => setChosen({ ...chosen, registrationMode: event.target.value })}
          >
            <option value="invite">who has an invitation</option>
            <option value="closed">nobody</option>
          </Select>
          <Select
            label="Tier of new workspaces"
            className="input fit"
            value={chosen.defaultTier}
            onChange={(event) => setChosen({ ...chosen, defaultTier: event.target.value })}
          >
            <option value="free">free</option>
            <option value="pro">pro</option>
            <option value="enterprise">enterprise</option>
          </Select>
        </div>
        <div className="row wrap">
          {DAYS.map(([name, label]) => (
            <Input
              key={name}
              label={label}
              hint="Days that they are kept"
              type="number"
              min={1}
              max={3650}
              required
              className="input fit"
              value={chosen.retention[name]}
              onChange={(event) =>
                setChosen({ ...chosen, retention: { ...chosen.retention, [name]: event.target.valueAsNumber || 1 } })
              }
            />
          ))}
        </div>
        <Check
          label="Maintenance"
          hint="Others than administrators of the installation read and sign in, and change nothing."
          checked={chosen.maintenanceMode}
          onChange={(event) => setChosen({ ...chosen, maintenanceMode: event.target.checked })}
        />
      </div>
      <SaveFoot changed={changed} saving={save} onSave={() => save.mutate(chosen)} onDiscard={() => setChosen(saved)} />
    </>
  )
}

/** As it was when the process that answers was started. */
function Configuration() {
  const config = useQuery({ queryKey: ['effective-config'], queryFn: () => answer(api.GET('/admin/config')) })
  return (
    <Panel title="Configuration">
      <Loaded query={config} rows={10}>
        {({ settings }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Variable</th>
                <th scope="col">Value</th>
                <th scope="col" style={{ width: '13.75rem' }}>
                  From
                </th>
              </tr>
            </thead>
            <tbody>
              {settings.map(({ name, value, origin, meaning }) => (
                <tr key={name}>
                  <td className="first" title={meaning}>
                    <code>{name}</code>
                  </td>
                  <td data-name="value">{value ? <code>{value}</code> : <span className="muted">not set</span>}</td>
                  <td className={origin === 'default' ? 'muted' : undefined}>{origin}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  )
}
