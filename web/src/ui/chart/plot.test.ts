import { expect, test } from 'vitest'
import { asText, course, type Plot, told } from './plot'

const plot: Plot = {
  kind: 'stack',
  dates: ['2026-11-20', '2026-11-21'],
  series: [
    { name: 'Critical', severity: 'critical', values: [3, 1] },
    { name: 'Score', values: [null, 1_240] },
  ],
}

test('what is not known is not told as zero', () => {
  expect(told(plot, 0)).toBe('20 Nov: Critical 3, Score not known')
  expect(told(plot, 1)).toBe('21 Nov: Critical 1, Score 1,240')
  expect(asText(plot)).toBe('Date\tCritical\tScore\n2026-11-20\t3\t\n2026-11-21\t1\t1240')
})

test.each([
  [[249, 240, 234], 'fell from 249 to 234'],
  [[null, 1, 2], 'rose from 1 to 2'],
  [[5, 7, 5], 'stayed at 5'],
  [[null, null], 'is not known'],
])('the course of %j', (values, words) => expect(course(values)).toBe(words))
