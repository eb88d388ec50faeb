// For tests: a hook in a component of its own.

import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'

export function renderHook(hook: () => void): { unmount: () => void } {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  const root = createRoot(document.createElement('div'))
  const Holder = () => {
    hook()
    return null
  }
  act(() => root.render(createElement(Holder)))
  return { unmount: () => act(() => root.unmount()) }
}
