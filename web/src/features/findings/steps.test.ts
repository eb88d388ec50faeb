import { expect, test } from 'vitest'
import { foldedSteps, stepOfFile, type TraceStep } from './steps'

test('long ways lose their middle, and never the step that is open', () => {
  expect(foldedSteps(8, 7)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(foldedSteps(12, 11)).toEqual([0, 1, 2, { left: 6 }, 9, 10, 11])
  expect(foldedSteps(14, 6)).toEqual([0, 1, 2, { left: 2 }, 5, 6, 7, { left: 3 }, 11, 12, 13])
  // One that would be left out alone is shown.
  expect(foldedSteps(12, 5)).toEqual([0, 1, 2, 3, 4, 5, 6, { left: 2 }, 9, 10, 11])
})

test('from file to file', () => {
  const trace = ['a', 'a', 'b', 'b', 'a'].map((path) => ({ path }) as TraceStep)
  expect([0, 1, 2, 4].map((at) => stepOfFile(trace, at, 1))).toEqual([2, 2, 4, 4])
  expect([0, 1, 3, 4].map((at) => stepOfFile(trace, at, -1))).toEqual([0, 0, 2, 2])
})
