import { expect, test } from 'vitest'
import sheet from './tokens.css?raw'
import { contrast, distance, type Sight, seen } from './vision'

/** The tokens of one theme, by name. */
function theme(index: 1 | 2): Record<string, string> {
  const pairs = sheet.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)
  return Object.fromEntries([...pairs].map((pair) => [pair[1], pair[index + 1]]))
}

const themes = { light: theme(1), dark: theme(2) }
const grounds = ['canvas', 'surface', 'raised', 'hover', 'active']
const codeGrounds = ['code-bg', 'code-trace', 'code-hit', 'added', 'added-word', 'removed', 'removed-word']
const severities = ['critical', 'high', 'medium', 'low', 'info']

/** Each pair of colours that is used together, and how far apart they must be. */
const pairs: [string[], string[], number][] = [
  [['text', 'text-2', 'muted', 'accent', 'ok', 'warn', 'bad'], grounds, 4.5],
  [['faint', 'line-strong', ...severities], grounds, 3],
  [['text', 'text-2', 'muted'], ['accent-bg'], 4.5],
  [['text'], ['selection', 'ok-bg', 'warn-bg', 'bad-bg', ...codeGrounds], 4.5],
  // The numbers of lines.
  [['muted'], codeGrounds.filter((ground) => !ground.endsWith('-word')), 4.5],
  [['ok'], ['ok-bg'], 4.5],
  [['warn'], ['warn-bg'], 4.5],
  [['bad'], ['bad-bg'], 4.5],
  [['on-fill'], ['accent-fill', 'accent-fill-hover', 'bad-fill'], 4.5],
  [['keyword', 'string', 'number', 'function', 'type', 'comment'].map((kind) => `syntax-${kind}`), codeGrounds, 4.5],
  ...severities.slice(0, 4).map((name): [string[], string[], number] => [[`on-${name}`], [name], 4.5]),
]

test.each(Object.entries(themes))('in the %s theme what is read can be read', (_, tokens) => {
  const failing: string[] = []
  for (const [inks, papers, floor] of pairs) {
    for (const ink of inks) {
      for (const paper of papers) {
        const found = contrast(tokens[ink] ?? '', tokens[paper] ?? '')
        if (!(found >= floor)) failing.push(`${ink} on ${paper}: ${found.toFixed(2)} < ${floor}`)
      }
    }
  }
  expect(failing).toEqual([])
})

const sights: Sight[] = ['normal', 'protanopia', 'deuteranopia', 'tritanopia']

test.each(Object.entries(themes))('in the %s theme severities differ for every eye', (_, tokens) => {
  const failing: string[] = []
  for (const sight of sights) {
    for (const [at, one] of severities.entries()) {
      for (const other of severities.slice(at + 1)) {
        const found = distance(seen(tokens[one] ?? '', sight), seen(tokens[other] ?? '', sight))
        if (!(found >= 9)) failing.push(`${one} and ${other}, ${sight}: ${found.toFixed(1)}`)
      }
    }
  }
  expect(failing).toEqual([])
})

test('no component names a colour of its own', () => {
  const files = import.meta.glob<string>(['../**/*.{css,ts,tsx}', '!../**/*.test.*'], {
    query: '?raw',
    import: 'default',
    eager: true,
  })
  const naming = Object.entries(files).filter(([, text]) => /#[0-9a-f]{6}\b|\brgb\(|\bhsl\(|\boklch\(/i.test(text))
  expect(naming.map(([name]) => name)).toEqual(['./tokens.css'])
})
