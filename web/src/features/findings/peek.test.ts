import { expect, test } from 'vitest'
import { firstSentence } from './peek'

test('the first sentence ends at its full stop, not in a name', () => {
  expect(firstSentence('A value of `app.get` reaches the query. It is text.')).toBe('A value of `app.get` reaches the query.')
  expect(firstSentence('No end here\n\nAnother paragraph.')).toBe('No end here')
  expect(firstSentence('As in\n```py\nx = 1\n```')).toBe('As in\n')
  expect(firstSentence('')).toBe('')
})
