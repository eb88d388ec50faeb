import { expect, test } from 'vitest'
import { inFolder, matching } from './folder'
import type { Entry } from './queries'

const file = (path: string, size = 1): Entry => ({ path, size, type: 'file' })
const entries = [
  file('src/db/users.ts', 5),
  file('src/app.ts', 3),
  file('README.md'),
  file('src/db/pool.ts', 2),
  file('srcs.txt'),
]

test('a folder shows what is directly in it, folders first', () => {
  expect(inFolder(entries, '').map(({ path, files, size }) => [path, files, size])).toEqual([
    ['src', 3, 10],
    ['README.md', 1, 1],
    ['srcs.txt', 1, 1],
  ])
  expect(inFolder(entries, 'src').map(({ path, kind }) => [path, kind])).toEqual([
    ['src/db', 'folder'],
    ['src/app.ts', 'file'],
  ])
  expect(inFolder(entries, 'sr')).toEqual([])
})

test('a name like that of an object is a name', () => {
  const odd = [file('__proto__/x'), file('constructor'), file('<img src=x onerror=alert(1)>')]
  expect(inFolder(odd, '').map(({ name }) => name)).toEqual(['__proto__', '<img src=x onerror=alert(1)>', 'constructor'])
})

test('what is typed finds paths by their letters, words before letters', () => {
  expect(matching(entries, 'users', 5).map(({ path }) => path)).toEqual(['src/db/users.ts'])
  expect(matching(entries, 'sdp', 5).map(({ path }) => path)).toEqual(['src/db/pool.ts'])
  expect(matching(entries, 'src', 2)).toHaveLength(2)
})
