import { afterEach, expect, test, vi } from 'vitest'
import { allowSingleKeys, handleKey, useKeys } from './keys'
import { renderHook } from './render'

afterEach(() => allowSingleKeys(true))

function press(key: string, options: KeyboardEventInit = {}, target: HTMLElement = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
  Object.defineProperty(event, 'target', { value: target })
  // The stand-in for a browser takes every Alt for this key.
  Object.defineProperty(event, 'getModifierState', { value: () => options.modifierAltGraph === true })
  handleKey(event)
}

test('a sequence runs, and its second key alone does not', () => {
  const run = vi.fn()
  const hook = renderHook(() => useKeys([{ keys: 'g f', label: 'Findings', group: 'Go to', run }]))
  press('f')
  expect(run).not.toHaveBeenCalled()
  press('g')
  press('f')
  expect(run).toHaveBeenCalledOnce()
  hook.unmount()
  press('g')
  press('f')
  expect(run).toHaveBeenCalledOnce()
})

test('a field keeps its letters, but not its shortcuts', () => {
  const [plain, palette] = [vi.fn(), vi.fn()]
  const hook = renderHook(() =>
    useKeys([
      { keys: 'j', label: 'Next', group: 'List', run: plain },
      { keys: 'mod+k', label: 'Palette', group: 'Anywhere', run: palette },
    ]),
  )
  const field = document.createElement('input')
  press('j', {}, field)
  press('k', { ctrlKey: true }, field)
  expect(plain).not.toHaveBeenCalled()
  expect(palette).toHaveBeenCalledOnce()
  hook.unmount()
})

test('an arrow with Alt is another key, which no field takes part in and no preference turns off', () => {
  const [plain, next] = [vi.fn(), vi.fn()]
  const hook = renderHook(() =>
    useKeys([
      { keys: 'ArrowDown', label: 'Down', group: 'List', run: plain },
      { keys: 'Alt+ArrowDown', label: 'Next change', group: 'Changes', run: next },
    ]),
  )
  allowSingleKeys(false)
  press('ArrowDown', { altKey: true })
  press('ArrowDown', { altKey: true }, document.createElement('select'))
  expect(next).toHaveBeenCalledOnce()
  allowSingleKeys(true)
  press('ArrowDown')
  expect([plain.mock.calls.length, next.mock.calls.length]).toEqual([1, 1])
  hook.unmount()
})

test('single keys can be turned off', () => {
  const run = vi.fn()
  const hook = renderHook(() => useKeys([{ keys: 'j', label: 'Next', group: 'List', run }]))
  allowSingleKeys(false)
  press('j')
  expect(run).not.toHaveBeenCalled()
  hook.unmount()
})

test('turned off are the keys that write a letter, not those that walk and open', () => {
  const [next, open] = [vi.fn(), vi.fn()]
  const hook = renderHook(() =>
    useKeys([
      { keys: 'j', label: 'Next', group: 'List', run: next },
      { keys: 'Enter', label: 'Open', group: 'List', run: open },
    ]),
  )
  allowSingleKeys(false)
  press('j')
  press('Enter')
  expect([next, open].map((run) => run.mock.calls.length)).toEqual([0, 1])
  hook.unmount()
})

test('Enter presses the button that has the focus, and nothing else', () => {
  const run = vi.fn()
  const hook = renderHook(() => useKeys([{ keys: 'Enter', label: 'Open', group: 'List', run }]))
  const button = document.createElement('button')
  const icon = button.appendChild(document.createElement('span'))
  press('Enter', {}, icon)
  expect(run).not.toHaveBeenCalled()
  press('Enter')
  expect(run).toHaveBeenCalledOnce()
  hook.unmount()
})

test('what the browser and the keyboard mean by Alt is theirs', () => {
  const [fixed, step, all] = [vi.fn(), vi.fn(), vi.fn()]
  const hook = renderHook(() =>
    useKeys([
      { keys: 'd', label: 'Fixed', group: 'Finding', run: fixed },
      { keys: '[', label: 'Back', group: 'Finding', run: step },
      { keys: 'mod+a', label: 'All', group: 'List', run: all },
    ]),
  )
  press('d', { altKey: true })
  expect(fixed).not.toHaveBeenCalled()
  // AltGr and 8, as Windows tells it.
  press('[', { altKey: true, ctrlKey: true, modifierAltGraph: true })
  expect(step).toHaveBeenCalledOnce()
  // In a field it selects what stands there.
  press('a', { ctrlKey: true }, document.createElement('input'))
  expect(all).not.toHaveBeenCalled()
  press('a', { ctrlKey: true })
  expect(all).toHaveBeenCalledOnce()
  hook.unmount()
})
