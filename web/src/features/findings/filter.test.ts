import { describe, expect, test } from 'vitest'
import { admits, readFilter, readTyped, toggled, toQuery } from './filter'

test('severities are put in and taken out, in one order', () => {
  expect(toggled(undefined, 'high')).toBe('high')
  expect(toggled('high', 'critical')).toBe('critical,high')
  expect(toggled('critical', 'critical')).toBeUndefined()
})

test('nothing said means open ones, the worst first', () => {
  expect(toQuery({})).toEqual({ status: 'open', sort: '-severity', repositoryId: undefined })
})

test('after all but some, a severity stands for itself', () => {
  expect(toggled('!critical', 'critical')).toBe('critical')
})

test('all but some have every other value', () => {
  expect(['open', 'fixed', 'ignored'].map((status) => admits('!fixed,ignored', status))).toEqual([true, false, false])
  expect(['open', 'fixed'].map((status) => admits('open', status))).toEqual([true, false])
})

describe('what is typed', () => {
  const typed = (text: string) => readTyped(text, (name) => (name === 'api' ? 'id-of-api' : undefined))

  test('becomes a part of the filter when it is written to its end', () => {
    expect(typed('sev:critical users.ts')).toEqual({ filter: { severity: 'critical' }, rest: 'users.ts', words: 'users.ts' })
    expect(typed('repo:api -status:fixed,ignored ')).toEqual({
      filter: { repo: 'id-of-api', status: '!fixed,ignored' },
      rest: '',
      words: undefined,
    })
  })

  test('is asked for in no part that may go on', () => {
    for (const half of ['sev:h', 'sev:high', 'repo:', 'sev:worst ', 'repo:other ', '-rule:sql '])
      expect(typed(half)).toEqual({ filter: {}, rest: half, words: undefined })
  })

  test('may be exact words', () => {
    expect(typed('"order by" app')).toEqual({ filter: {}, rest: '"order by" app', words: 'order by app' })
  })
})

test('an address holds text only', () => {
  expect(readFilter({ severity: 'high', q: 7, status: '', other: 'x' })).toEqual({ severity: 'high' })
})
