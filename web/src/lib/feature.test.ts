import { expect, test } from 'vitest'
import { effective } from './feature'

test('the role on the platform raises or narrows the one in a workspace', () => {
  expect(effective('admin', 'viewer')).toBe('owner')
  expect(effective('viewer', 'admin')).toBe('viewer')
  expect(effective('operator', 'member')).toBe('operator')
  expect(effective('operator', 'viewer')).toBe('viewer')
  expect(effective('operator', 'owner')).toBe('owner')
  expect(effective('user', 'member')).toBe('member')
})
