// Which words of code have which colour. Parsers come when code in their language is shown, never with the first page.
//
// Parsers of a grammar, not patterns: what a repository holds may be written to make patterns slow. What they say is about text; nobody
// makes a page of it.

import type { Parser } from '@lezer/common'
import { useEffect, useState } from 'react'

/** A piece of a line, and the token it is drawn in. */
export type Piece = readonly [text: string, kind: string]

/** Longer texts stay as they are. */
const MOST_LETTERS = 512 * 1024

const javascript = (dialect: string) => async () => (await import('@lezer/javascript')).parser.configure({ dialect })

const LANGUAGES: Record<string, () => Promise<Parser>> = {
  py: async () => (await import('@lezer/python')).parser,
  js: javascript('jsx'),
  ts: javascript('ts'),
  tsx: javascript('jsx ts'),
  java: async () => (await import('@lezer/java')).parser,
  go: async () => (await import('@lezer/go')).parser,
}

/** Endings of names that are written in one of them. */
const ENDINGS: Record<string, string> = { pyi: 'py', jsx: 'js', mjs: 'js', cjs: 'js', mts: 'ts', cts: 'ts' }

/** The language of a file, by its name; nothing for those that stay plain. */
export function languageOf(path: string): string | undefined {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  const name = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : ending
  return name && Object.hasOwn(LANGUAGES, name) ? name : undefined
}

/** The lines of a text in pieces; nothing until they are there, and for what stays plain. */
export function useColours(text: string, path: string): Piece[][] | undefined {
  const language = languageOf(path)
  const [painted, setPainted] = useState<{ text: string; language: string; lines: Piece[][] | undefined }>()
  useEffect(() => {
    if (!language || text.length > MOST_LETTERS) return
    let isWanted = true
    const run = async () => {
      const [{ paint }, parser] = await Promise.all([import('./paint'), LANGUAGES[language]?.()])
      const lines = parser && (await paint(parser, text, () => isWanted))
      if (isWanted) setPainted({ text, language, lines })
    }
    // Without colours it is read as well.
    run().catch(() => {})
    return () => {
      isWanted = false
    }
  }, [text, language])
  return painted?.text === text && painted.language === language ? painted.lines : undefined
}
