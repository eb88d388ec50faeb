import { describe, expect, it, vi } from 'vitest'
import { beginUndoable, toast, undoLast } from './toast'

describe('what is taken back', () => {
  it('is the latest', () => {
    const [first, second] = [vi.fn(), vi.fn()]
    toast('1 finding ignored', first)
    toast('1 finding fixed', second)
    undoLast()
    expect([first, second].map((undo) => undo.mock.calls.length)).toEqual([0, 1])
    undoLast()
    expect(first).toHaveBeenCalledOnce()
  })

  it('is what is under way, once it is done, and not what was before it', () => {
    const [before, now, after] = [vi.fn(), vi.fn(), vi.fn()]
    toast('1 finding ignored', before)
    const end = beginUndoable()
    undoLast()
    toast('1 finding fixed', now)
    end()
    expect(now).toHaveBeenCalledOnce()
    // Asked for once, it is done once.
    toast('1 finding fixed', after)
    expect([before, after].map((undo) => undo.mock.calls.length)).toEqual([0, 0])
  })

  it('is nothing when what was under way failed', () => {
    const next = vi.fn()
    const end = beginUndoable()
    undoLast()
    toast('try again in a moment')
    end()
    toast('1 finding fixed', next)
    expect(next).not.toHaveBeenCalled()
  })
})
