import { expect, test } from 'vitest'
import type { Judged, PullDetail } from './queries'
import { verdict } from './verdict'

const judgement: Judged = {
  verdict: 'clean',
  failOn: 'high',
  newCount: 0,
  failingCount: 0,
  fixedCount: 0,
  new: [],
  unseen: [],
  base: null,
}

const said = (over: Partial<Judged>) => {
  const { tone, text } = verdict({ judgement: { ...judgement, ...over } } as PullDetail)
  return [tone, text]
}

test('a change that is stopped says by what', () => {
  expect(said({ verdict: 'failed', newCount: 1, failingCount: 1, fixedCount: 2 })).toEqual([
    'bad',
    'Blocked: 1 new finding at or above high · 2 fixed',
  ])
  expect(said({ verdict: 'failed', newCount: 5, failingCount: 2 })).toEqual([
    'bad',
    'Blocked: 2 new findings at or above high · 3 more below',
  ])
})

test('a change that passes with findings says why', () => {
  expect(said({ verdict: 'noted', newCount: 2 })).toEqual(['warn', 'Noted: 2 new findings, none at or above high'])
  expect(said({ verdict: 'noted', newCount: 1, failOn: 'none' })).toEqual([
    'warn',
    'Noted: 1 new finding, no finding fails the check',
  ])
})

test('a change that brings nothing is clean only where all of it was looked at', () => {
  expect(said({})).toEqual(['ok', 'Nothing new.'])
  expect(said({ fixedCount: 2 })).toEqual(['ok', 'Nothing new. 2 findings fixed.'])
  expect(said({ verdict: 'failed', unseen: ['a.py'] })).toEqual(['bad', 'Blocked: 1 changed file could not be looked at'])
  expect(said({ verdict: 'noted', failOn: 'none', unseen: ['a.py', 'b.py'] })).toEqual([
    'warn',
    'Nothing new in what could be looked at; 2 changed files could not be',
  ])
})

test('what is not known is not clean', () => {
  const of = (pull: object) => verdict({ status: 'pending', state: 'open', ...pull } as PullDetail).tone
  expect(of({})).toBe('muted')
  expect(of({ analysis: { status: 'running' } })).toBe('muted')
  expect(of({ analysis: { status: 'failed', errorMessage: 'no disk' } })).toBe('bad')
  expect(of({ status: 'failed' })).toBe('bad')
  expect(of({ analysis: { status: 'completed' } })).toBe('warn')
})
