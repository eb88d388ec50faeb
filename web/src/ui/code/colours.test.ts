import { parser as javascript } from '@lezer/javascript'
import { parser as python } from '@lezer/python'
import { expect, test } from 'vitest'
import { languageOf } from './colours'
import { paint } from './paint'

const wanted = () => true

test('a language is known by the ending of a name', () => {
  expect(['a.py', 'b.PYI', 'c.mjs', 'd.tsx', 'e.d.cts', 'F.java', 'x/g.go'].map(languageOf)).toEqual([
    'py',
    'py',
    'js',
    'tsx',
    'ts',
    'java',
    'go',
  ])
  expect(['a.rb', 'py', 'Makefile', 'a.constructor', 'a.__proto__', '.env', ''].map(languageOf)).toEqual(Array(7).fill(undefined))
})

test('pieces are the text, all of it, line by line', async () => {
  const text = 'import os\n\ndef run(name):\n    """Of\n    two lines."""\n    return os.system("ls " + name)  # 1\n'
  const lines = await paint(python, text, wanted)
  expect(lines?.map((line) => line.map(([piece]) => piece).join('')).join('\n')).toBe(text)
  const kinds = (at: number) => Object.fromEntries((lines?.[at] ?? []).filter(([, kind]) => kind))
  expect(kinds(0)).toMatchObject({ import: 'keyword' })
  expect(kinds(2)).toMatchObject({ def: 'keyword', run: 'function' })
  expect(lines?.[4]).toEqual([['    two lines."""', 'string']])
  expect(kinds(5)).toMatchObject({ return: 'keyword', system: 'function', '"ls "': 'string', '# 1': 'comment' })
})

test('code that is no code, or looks like a page, is text in pieces', async () => {
  for (const text of ['<img src=x onerror=alert(1)>', '`${"'.repeat(200), '\u0000\ud800 }}}} )', '</script><svg/onload=1>']) {
    const lines = await paint(javascript.configure({ dialect: 'jsx' }), text, wanted)
    expect(
      lines
        ?.flat()
        .map(([piece]) => piece)
        .join(''),
    ).toBe(text)
  }
})

test('code that is nested without end stays plain, or is walked', async () => {
  const text = '('.repeat(100_000)
  const lines = await paint(javascript, text, wanted)
  if (lines)
    expect(
      lines
        .flat()
        .map(([piece]) => piece)
        .join(''),
    ).toBe(text)
})

test('nobody waits for what nobody wants', async () => {
  expect(await paint(python, 'a = 1\n'.repeat(50_000), () => false)).toBeUndefined()
})
