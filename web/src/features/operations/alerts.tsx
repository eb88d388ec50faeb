import { useQuery } from '@tanstack/react-query'
import { answer, api, type Schemas } from '@/api/client'
import { number, words } from '@/lib/format'
import { Loaded } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { Time } from '@/ui/Time'

type Alert = Schemas['PlatformAlert']

/** What the installation measures about itself each minute; those that are not as they should be come first. */
export function Alerts() {
  const query = useQuery({
    queryKey: ['platform-alerts'],
    queryFn: () => answer(api.GET('/admin/alerts')),
    refetchInterval: 60_000,
  })
  return (
    <Panel title="Alerts">
      <Loaded query={query} rows={4}>
        {({ alerts }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">State</th>
                <th scope="col" className="end">
                  Value
                </th>
                <th scope="col" className="end">
                  Threshold
                </th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {alerts.map((alert) => (
                <Row key={alert.rule} alert={alert} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  )
}

function Row({ alert }: { alert: Alert }) {
  const firing = alert.state === 'firing'
  return (
    <tr>
      <td className="first" title={alert.summary}>
        <span className="strong">{words(alert.rule.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase())}</span>
        {firing && <span className="caption"> {alert.summary}</span>}
      </td>
      <td>{firing ? <span className="bad">✕ firing</span> : known(alert)}</td>
      <td className="end" data-name="value">
        {alert.value == null ? '–' : number(alert.value)}
      </td>
      <td className="end" data-name="threshold">
        {number(alert.threshold)}
      </td>
      <td data-name="since">
        <Time at={alert.since} />
      </td>
    </tr>
  )
}

/** What was not measured is not said to be well. */
function known(alert: Alert) {
  return alert.checkedAt ? <span className="ok">✓ ok</span> : <span className="muted">not measured</span>
}
