import { expect, test } from 'vitest'
import { sameSection } from './places'

test('another workspace opens in the same section, without what is in one alone', () => {
  expect(sameSection('/w/acme/findings', 'beta')).toBe('/w/beta/findings')
  expect(sameSection('/w/acme/findings/0190-1', 'beta')).toBe('/w/beta/findings')
  expect(sameSection('/app/w/acme/repositories/1/tree', 'beta')).toBe('/w/beta/repositories')
  expect(sameSection('/w/acme/settings/members', 'beta')).toBe('/w/beta/settings')
})

test('what is of no workspace leads to its start', () => {
  expect(sameSection('/w/acme', 'beta')).toBe('/w/beta')
  expect(sameSection('/account/profile', 'beta')).toBe('/w/beta')
  expect(sameSection('/w/acme/welcome', 'beta')).toBe('/w/beta')
})
