import { duration } from '@/lib/time'
import { Empty } from '@/ui/faces'
import { Panel } from '@/ui/Page'
import { SEVERITIES, Severity } from '@/ui/Severity'
import './time-to-fix.css'

const HOUR_MS = 3_600_000

/** As the API tells it, in hours. */
export interface TimeToFix {
  fixed: number
  open: number
  mean?: number | null
  median?: number | null
  p90?: number | null
  survivalMedian?: number | null
}

const said = (hours: number | null | undefined) => (hours == null ? '–' : duration(hours * HOUR_MS))

/** By severity: how long half and nine tenths of the fixes took, on one scale, and what is still open. */
export function TimesToFix({ times }: { times: Record<string, TimeToFix> }) {
  const rows = SEVERITIES.flatMap((severity) => (times[severity] ? [[severity, times[severity]] as const] : []))
  const longest = Math.max(1, ...rows.flatMap(([, time]) => [time.median ?? 0, time.p90 ?? 0]))
  const at = (hours: number) => `${(100 * hours) / longest}%`
  return (
    <Panel title="Time to fix">
      {rows.length === 0 ? (
        <Empty title="No findings, so no fixes to time." />
      ) : (
        <table className="grid plain times">
          <thead>
            <tr>
              <th scope="col">Severity</th>
              <th scope="col">Half within · nine in ten within</th>
              <th scope="col" className="end">
                Fixed
              </th>
              <th scope="col" className="end">
                Open
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([severity, time]) => (
              <tr key={severity}>
                <td>
                  <Severity severity={severity} />
                </td>
                <td>
                  {time.median == null ? (
                    <span className="muted">too few fixes ({time.fixed} of 5)</span>
                  ) : (
                    <>
                      <span className="times-track" aria-hidden="true">
                        <i
                          className="span"
                          style={{ left: at(time.median), right: `calc(100% - ${at(time.p90 ?? time.median)})` }}
                        />
                        <i className="half" style={{ left: at(time.median) }} />
                        <i className="most" style={{ left: at(time.p90 ?? time.median) }} />
                      </span>
                      <span
                        className="num"
                        title={`mean ${said(time.mean)}, with what is still open ${said(time.survivalMedian)}`}
                      >
                        {said(time.median)} · {said(time.p90)}
                      </span>
                    </>
                  )}
                </td>
                <td className="end">{time.fixed}</td>
                <td className="end">{time.open}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
