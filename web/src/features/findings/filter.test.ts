import { expect, test } from 'vitest'
import { parseTyped, readFilter, toggled, toQuery } from './filter'

test('severities are put in and taken out, in one order', () => {
  expect(toggled(undefined, 'high')).toBe('high')
  expect(toggled('high', 'critical')).toBe('critical,high')
  expect(toggled('critical', 'critical')).toBeUndefined()
})

test('nothing said means open ones, the worst first', () => {
  expect(toQuery({})).toEqual({ status: 'open', sort: '-severity', repositoryId: undefined })
})

test('what is typed becomes fields', () => {
  expect(parseTyped('sev:critical  users.ts rule:sql')).toEqual({ severity: 'critical', rule: 'sql', q: 'users.ts' })
})

test('an address holds text only', () => {
  expect(readFilter({ severity: 'high', q: 7, status: '', other: 'x' })).toEqual({ severity: 'high' })
})
