// What the first page needs, compressed as it is served; fails when it is too much.

import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

/** Bytes of JavaScript that the sign-in page and the frame of every page may take. */
const LIMIT = 200 * 1024

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

/** A chunk and what it imports at once. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found
  found.add(name)
  for (const other of manifest[name]?.imports ?? []) needed(other, found)
  return found
}

const size = (file) => brotliCompressSync(readFileSync(new URL(file, dist))).length
const entry = Object.keys(manifest).find((name) => manifest[name].isEntry)
const page = (source) => Object.keys(manifest).find((name) => manifest[name].src?.endsWith(source))
let failed = false
for (const [label, source] of [
  ['frame', undefined],
  ['sign-in', 'identity/doors.tsx'],
  ['findings', 'findings/pages.tsx'],
  ['code', 'forge/pages.tsx'],
  ['scans', 'analysis/pages.tsx'],
]) {
  const chunks = needed(entry)
  if (source) {
    const found = page(source)
    if (!found) throw new Error(`no chunk begins with ${source}`)
    needed(found, chunks)
  }
  const files = new Set([...chunks].map((name) => manifest[name].file).filter((file) => file.endsWith('.js')))
  const bytes = [...files].reduce((sum, file) => sum + size(file), 0)
  const verdict = bytes > LIMIT ? `MORE THAN ${LIMIT / 1024} KiB` : 'ok'
  failed ||= bytes > LIMIT
  console.log(`${label.padEnd(10)} ${(bytes / 1024).toFixed(1).padStart(7)} KiB of JavaScript in ${files.size} files: ${verdict}`)
}
if (failed) process.exit(1)
