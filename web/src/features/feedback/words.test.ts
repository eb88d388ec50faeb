import { expect, test } from 'vitest'
import { atForge, readable, readPlace, repositoryOf } from './words'

test('what the program wrote for a forge is read as words', () => {
  const written =
    '<!-- rampart:finding:x -->\n**high** · SQL injection\n\nA value \\(`name`\\) of @\u200badmin &lt;b&gt; a&#58;b\n\n```suggestion\nx = 1\n```\n'
  expect(readable(written)).toBe('high · SQL injection\n\nA value (`name`) of @admin <b> a:b')
  const summary =
    '<!-- rampart:summary -->\n### 1 new finding: high\n\n**The check fails**.\n\n| | What |\n|---|---|\n| a | b |\n\n<sub>x</sub>\n'
  expect(readable(summary)).toBe('1 new finding: high\n\nThe check fails.')
})

test('a line is read from an address, and nothing else', () => {
  expect(readPlace('src/a b.py:12')).toEqual({ path: 'src/a b.py', line: 12 })
  expect(readPlace('C:\\x:3')).toEqual({ path: 'C:\\x', line: 3 })
  expect(['a.py', ':3', 'a.py:0', 'a.py:x', '', undefined].map(readPlace)).toEqual(Array(6).fill(undefined))
})

test('only pages are linked to', () => {
  expect(atForge('https://github.com/a/b/pull/1')).toBeDefined()
  expect(['javascript:alert(1)', 'data:text/html,x', '//x', ''].map(atForge)).toEqual(Array(4).fill(undefined))
  expect(repositoryOf('https://github.com/a/b/pull/1')).toBe('a/b')
  expect(repositoryOf('https://gitlab.com/a/b/c/-/merge_requests/1')).toBe('a/b/c')
  expect(repositoryOf('javascript:alert(1)')).toBe('')
})
