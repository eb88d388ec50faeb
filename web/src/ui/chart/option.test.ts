import { expect, test } from 'vitest'
import { option } from './option'
import type { Plot } from './plot'

const score = (values: (number | null)[]): Plot => ({
  kind: 'line',
  dates: values.map((_, at) => `2026-11-${10 + at}`),
  series: [{ name: 'Score', values }],
  most: 100,
  marks: [40, 60, 80, 90],
})

const ink = (token: string) => token

test('what is marked is what is labelled, by one kind of line', () => {
  const { yAxis, series } = option(score([50, 60]), ink)
  expect(yAxis.axisLabel.customValues).toEqual([0, 40, 60, 80, 90])
  expect(yAxis.splitLine.show).toBe(false)
  expect(series[0]).toMatchObject({ markLine: { data: [40, 60, 80, 90].map((yAxis) => ({ yAxis })) } })
})

test('a point that no line leads to is drawn large', () => {
  expect(option(score([null, 9]), ink).series[0]?.data).toEqual([null, { value: 9, symbolSize: 8 }])
  expect(option(score([7, null, 8, 9]), ink).series[0]?.data).toEqual([{ value: 7, symbolSize: 8 }, null, 8, 9])
})
