// A change that a rule proposes: as whole lines, and as a file that `git apply` takes.

export interface Fix {
  start: { line: number; column: number }
  end: { line: number; column: number }
  replacement: string
}

/** The change of a finding as the API tells it; nothing where it tells none. */
export function readFix(told: unknown): Fix | undefined {
  const fix = told as Partial<Fix> | null | undefined
  const isFix = fix?.start && fix.end && typeof fix.replacement === 'string'
  return isFix ? (fix as Fix) : undefined
}

interface Lines {
  before: string[]
  after: string[]
}

/** The lines that are touched, as they are and as they are to be. `first` is the number of the first of `lines`. */
export function replaced(lines: string[], first: number, { start, end, replacement }: Fix): Lines | undefined {
  const from = lines[start.line - first]
  const to = lines[end.line - first]
  if (from === undefined || to === undefined) return undefined
  // Columns begin at 1 and count characters, not the units of a JavaScript string.
  const head = [...from].slice(0, start.column - 1).join('')
  const tail = [...to].slice(end.column - 1).join('')
  return {
    before: lines.slice(start.line - first, end.line - first + 1),
    after: `${head}${replacement}${tail}`.split('\n'),
  }
}

/** Lines around a change, by which it finds its place. */
const AROUND = 3

/** The change as a unified diff of the file. */
export function patch(path: string, content: string, fix: Fix): string | undefined {
  const isEnded = content.endsWith('\n')
  const lines = (isEnded ? content.slice(0, -1) : content).split('\n')
  const change = replaced(lines, 1, fix)
  if (!change) return undefined
  const from = Math.max(0, fix.start.line - 1 - AROUND)
  const to = Math.min(lines.length, fix.end.line + AROUND)
  const above = lines.slice(from, fix.start.line - 1)
  const below = lines.slice(fix.end.line, to)
  const reachesEnd = !isEnded && to === lines.length
  const signed = (sign: string, part: string[], isLast: boolean) =>
    part.map((line, at) => `${sign}${line}\n${isLast && at === part.length - 1 ? '\\ No newline at end of file\n' : ''}`).join('')
  const isLast = reachesEnd && below.length === 0
  const [was, becomes] = [change.before.length, change.after.length].map((count) => above.length + count + below.length)
  return [
    `--- ${quoted(`a/${path}`)}\n+++ ${quoted(`b/${path}`)}\n`,
    `@@ -${from + 1},${was} +${from + 1},${becomes} @@\n`,
    signed(' ', above, false),
    signed('-', change.before, isLast),
    signed('+', change.after, isLast),
    signed(' ', below, reachesEnd),
  ].join('')
}

/** A name as git writes it: what would end it or begin another line stands as its number. */
function quoted(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\u0000-\u001f"\\\u007f]/.test(name)) return name.includes(' ') ? `${name}\t` : name
  const text = [...new TextEncoder().encode(name)].map((byte) => {
    const letter = String.fromCharCode(byte)
    if (letter === '"' || letter === '\\') return `\\${letter}`
    return byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : letter
  })
  return `"${text.join('')}"`
}
