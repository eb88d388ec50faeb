import { expect, test } from 'vitest'
import { explain, fieldErrors, Problem } from './problem'

test('an unknown failure names no inside', () => {
  const error = new Problem(500, 'INTERNAL_ERROR', 'SELECT failed')
  expect(explain(error).what).not.toContain('SELECT')
})

test('what a forge does not do is said as the server says it', () => {
  const error = new Problem(502, 'UPSTREAM_ERROR', 'GitLab knows nothing of this, or the account may not see it')
  expect(explain(error).what).toBe('GitLab knows nothing of this, or the account may not see it.')
  expect(explain(new Problem(502, 'X', 'bad gateway, says a proxy')).what).not.toContain('proxy')
})

test('a lost connection is no failure of the server', () => {
  expect(explain(new TypeError('fetch failed')).what).toBe('The server cannot be reached.')
})

test('a refusal is a sentence, with the fields it names', () => {
  const details = [{ field: 'email', message: 'is no address' }]
  const error = new Problem(400, 'VALIDATION_ERROR', 'the request cannot be used', details)
  expect(explain(error)).toEqual({ what: 'The request cannot be used.', remedy: 'email: Is no address.' })
  expect(fieldErrors(error)).toEqual({ email: 'Is no address.' })
  expect(fieldErrors(new Problem(400, 'X', 'x', 'no list'))).toEqual({})
})
