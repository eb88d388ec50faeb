import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Fix, patch, replaced } from './patch'

const fix = (from: [number, number], to: [number, number], replacement: string): Fix => ({
  start: { line: from[0], column: from[1] },
  end: { line: to[0], column: to[1] },
  replacement,
})

test('a change of some words is shown as whole lines', () => {
  const lines = ['', 'const agent = new Agent({ 𝒳: 1, verify: false });', '']
  expect(replaced(lines, 29, fix([30, 41], [30, 46], 'true'))).toEqual({
    before: ['const agent = new Agent({ 𝒳: 1, verify: false });'],
    after: ['const agent = new Agent({ 𝒳: 1, verify: true });'],
  })
  expect(replaced(lines, 29, fix([31, 1], [33, 1], ''))).toBeUndefined()
})

const ten = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join('')

test.each([
  ['in the middle', 'src/a.txt', ten, fix([5, 6], [5, 7], 'five'), ten.replace('line 5', 'line five')],
  ['at the start', 'a.txt', ten, fix([1, 1], [2, 5], 'one\nand'), ten.replace('line 1\nline', 'one\nand')],
  ['at the end, without a last newline', 'a b.txt', 'x\ny', fix([2, 1], [2, 2], 'z'), 'x\nz'],
  ['of one line', 'a.txt', 'x\n', fix([1, 1], [1, 2], 'y'), 'y\n'],
  ['near an end without newline', 'a.txt', 'x\ny', fix([1, 1], [1, 2], 'z'), 'z\ny'],
  ['of lines that end in two signs', 'a.txt', 'x\r\ny\r\n', fix([1, 1], [1, 2], 'z'), 'z\r\ny\r\n'],
  ['of a file with a bad name', 'a"\n+++ b/other.txt\té', 'x\n', fix([1, 1], [1, 2], 'y'), 'y\n'],
])('git applies a patch %s', (_, path, content, change, becomes) => {
  const folder = mkdtempSync(join(tmpdir(), 'rampart-patch-'))
  try {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
    execFileSync('git', ['apply', '-'], { cwd: folder, input: patch(path, content, change) })
    expect(readFileSync(join(folder, path), 'utf8')).toBe(becomes)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
