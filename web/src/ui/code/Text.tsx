import type { Piece } from './colours'

/** Letters that a reader cannot see, or that turn the direction of others: drawn as their number. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** The text with what hides in it shown as boxed code points. */
export function visible(text: string) {
  if (!HIDDEN.test(text)) return text || ' '
  const parts = [...text].map((letter) => (HIDDEN.test(letter) ? { hidden: letter.codePointAt(0) ?? 0 } : letter))
  return parts.map((part, at) =>
    typeof part === 'string' ? (
      part
    ) : (
      <span className="chip bad" key={at}>
        U+{part.hidden.toString(16).toUpperCase().padStart(4, '0')}
      </span>
    ),
  )
}

/** The same where there is only text: titles of windows and hints. */
export function plain(text: string): string {
  return text.replace(new RegExp(HIDDEN, 'gu'), '\ufffd')
}

/** A line of code, in colours when they are there. */
export function CodeText({ text, pieces }: { text: string; pieces: Piece[] | undefined }) {
  if (!pieces || pieces.length === 0) return visible(text)
  return pieces.map(([piece, kind], at) => (
    <span className={kind || undefined} key={at}>
      {visible(piece)}
    </span>
  ))
}
