// Cuts a text into pieces of one colour each. Loaded with the first code that has colours.

import type { Parser, Tree } from '@lezer/common'
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight'
import type { Piece } from './colours'

/** As long as the page may wait, and as long as one text may take in all. */
const SLICE_MS = 8
const LIMIT_MS = 3_000

const kinds = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.self, tags.null, tags.bool, tags.operatorKeyword], class: 'keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character, tags.docString], class: 'string' },
  { tag: [tags.number], class: 'number-literal' },
  { tag: [tags.comment, tags.meta], class: 'comment' },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName, tags.annotation], class: 'type' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.macroName], class: 'function' },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.function(tags.definition(tags.propertyName))],
    class: 'function',
  },
])

/** The lines of a text. Nothing when it takes too long, or is nested deeper than can be walked, or nobody waits any more. */
export async function paint(parser: Parser, text: string, isWanted: () => boolean): Promise<Piece[][] | undefined> {
  const tree = await parsed(parser, text, isWanted)
  if (!tree) return undefined
  const lines: Piece[][] = [[]]
  try {
    highlightCode(
      text,
      tree,
      kinds,
      (piece, kind) => lines.at(-1)?.push([piece, kind]),
      () => lines.push([]),
    )
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  return lines
}

/** In slices, so that keys and scrolling come between. */
async function parsed(parser: Parser, text: string, isWanted: () => boolean): Promise<Tree | undefined> {
  const running = parser.startParse(text)
  const until = performance.now() + LIMIT_MS
  while (isWanted()) {
    const slice = performance.now() + SLICE_MS
    while (performance.now() < slice) {
      const tree = running.advance()
      if (tree) return tree
    }
    if (performance.now() > until) return undefined
    await new Promise((passed) => setTimeout(passed))
  }
  return undefined
}
