import { expect, test } from 'vitest'
import { type Event, folded, said } from './activity-lines'

const event = (eventType: string, eventData: object, more: Partial<Event> = {}) =>
  ({ id: 'x', eventType, eventData, severity: 'info', createdAt: '2026-01-01T00:00:00Z', ...more }) as Event

test('a line says what happened, and where it can be seen', () => {
  const one = (name: string, data: object, more?: Partial<Event>) => said({ activity: event(name, data, more), count: 1 })
  expect(one('scan_completed', { scanId: 's-1', newVulns: 2, fixedVulns: 5 })).toEqual({
    what: 'scan finished, 2 new, 5 fixed',
    path: 'scans/s-1',
  })
  expect(one('vulnerability_status_changed', { vulnId: 'v', to: 'ignored' })).toEqual({
    what: 'ignored a finding',
    path: 'findings/v',
  })
  expect(one('pr_opened', { prId: 'p', prNumber: 7 })).toEqual({ what: 'pull request #7 opened', path: 'pulls/p' })
  // What is no id leads nowhere.
  expect(one('scan_failed', { scanId: '../../elsewhere?x' }).path).toBeUndefined()
  expect(one('of_a_module_to_come', {})).toEqual({ what: 'of a module to come' })
})

test('what one person decided alike is one line, what another did is another', () => {
  const decided = (userId: string, to: string, severity: string) =>
    event('vulnerability_status_changed', { vulnId: 'v', to }, { userId, severity, repositoryId: 'r' })
  const lines = folded([
    decided('a', 'ignored', 'low'),
    decided('a', 'ignored', 'high'),
    decided('a', 'open', 'low'),
    decided('b', 'open', 'low'),
  ])
  expect(lines.map(({ count, activity }) => [count, activity.severity])).toEqual([
    [2, 'high'],
    [1, 'low'],
    [1, 'low'],
  ])
  expect(lines[0] && said(lines[0])).toEqual({
    what: 'ignored 2 findings',
    path: 'findings',
    search: { repo: 'r', status: 'ignored' },
  })
})
