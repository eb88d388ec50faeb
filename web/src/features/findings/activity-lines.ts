// What happened, as a sentence: who, what, and where it can be seen.

import type { Schemas } from '@/api/client'
import { counted, words } from '@/lib/format'
import { SEVERITIES } from '@/ui/Severity'

export type Event = Schemas['Activity']

export interface Line {
  activity: Event
  count: number
}

/** Neighbours that say the same of the same repository by the same person, with the worst of them in front. */
export function folded(activities: Event[]): Line[] {
  const lines: Line[] = []
  const rank = (severity: string) => SEVERITIES.indexOf(severity as never)
  const kind = ({ eventType, repositoryId, userId, eventData }: Event) =>
    JSON.stringify([eventType, repositoryId, userId, (eventData as Record<string, unknown>).to])
  for (const activity of activities) {
    const last = lines.at(-1)
    if (last && kind(last.activity) === kind(activity)) {
      last.count += 1
      if (rank(activity.severity) < rank(last.activity.severity))
        last.activity = { ...last.activity, severity: activity.severity }
    } else lines.push({ activity, count: 1 })
  }
  return lines
}

export interface Said {
  what: string
  /** Below the workspace. */
  path?: string
  search?: Record<string, string>
}

const DECIDED: Record<string, string> = {
  ignored: 'ignored',
  false_positive: 'dismissed as false',
  fixed: 'marked as fixed',
  open: 'reopened',
}

/** In the middle of a sentence that may begin with a person. */
export function said({ activity, count }: Line): Said {
  const { eventType, repositoryId } = activity
  const data = activity.eventData as Record<string, unknown>
  const number = (key: string) => Number(data[key]) || 0
  // Ids go into addresses: they are what they are said to be, or there is no link.
  const id = (key: string) => (/^[\w-]+$/.test(String(data[key] ?? '')) ? String(data[key]) : undefined)
  const at = (folder: string, key: string) => (id(key) ? `${folder}/${id(key)}` : undefined)
  const times = count > 1 ? ` ${count} times` : ''
  switch (eventType) {
    case 'scan_started':
      return { what: `scan began${times}`, path: at('scans', 'scanId') }
    case 'scan_completed': {
      const news = count > 1 ? times : `, ${number('newVulns')} new, ${number('fixedVulns')} fixed`
      return { what: `scan finished${news}`, path: at('scans', 'scanId') }
    }
    case 'scan_failed':
      return { what: `scan failed${times}`, path: at('scans', 'scanId') }
    case 'vulnerability_detected':
      return {
        what: count > 1 ? `findings came up${times}` : `${counted(number('total'), 'finding')} came up`,
        path: at('scans', 'scanId'),
      }
    case 'findings_imported': {
      const many = count > 1 ? `findings${times}` : counted(number('found'), 'finding')
      return { what: activity.userId ? `imported ${many}` : `imported: ${many}`, path: at('scans', 'scanId') }
    }
    case 'vulnerability_status_changed': {
      const verb = DECIDED[String(data.to)] ?? 'decided about'
      const what = `${verb} ${count > 1 ? counted(count, 'finding') : 'a finding'}`
      if (count === 1) return { what, path: at('findings', 'vulnId') }
      return { what, path: 'findings', search: { repo: repositoryId ?? '', status: String(data.to) } }
    }
    case 'repository_connected':
      return { what: 'connected', path: repositoryId ? `repositories/${repositoryId}` : undefined }
    case 'member_joined':
      return { what: 'joined', path: 'settings/members' }
    case 'member_removed':
      return { what: 'left', path: 'settings/members' }
    case 'pr_opened':
    case 'pr_closed':
    case 'pr_merged':
      return { what: `pull request #${number('prNumber')} ${eventType.slice(3)}`, path: at('pulls', 'prId') }
    default:
      return { what: `${words(eventType).toLowerCase()}${times}` }
  }
}
