// Files of a repository as folders: the API lists paths.

import type { Entry } from './queries'

export interface Item {
  name: string
  /** From the root of the repository. */
  path: string
  kind: 'folder' | Entry['type']
  /** Bytes; of all in it, for a folder. */
  size: number
  files: number
}

/** What is directly in a folder, folders first. */
export function inFolder(entries: readonly Entry[], folder: string): Item[] {
  const prefix = folder ? `${folder}/` : ''
  const items = new Map<string, Item>()
  for (const entry of entries) {
    if (!entry.path.startsWith(prefix)) continue
    const rest = entry.path.slice(prefix.length)
    const end = rest.indexOf('/')
    const name = end < 0 ? rest : rest.slice(0, end)
    const known = end < 0 ? undefined : items.get(`${name}/`)
    if (known) {
      known.size += entry.size
      known.files += 1
    } else {
      const kind = end < 0 ? entry.type : 'folder'
      items.set(end < 0 ? name : `${name}/`, { name, path: prefix + name, kind, size: entry.size, files: 1 })
    }
  }
  const isFolder = (item: Item) => (item.kind === 'folder' ? 0 : 1)
  return [...items.values()].sort((a, b) => isFolder(a) - isFolder(b) || a.name.localeCompare(b.name))
}

/** Paths that hold all letters in their order, the shortest first. */
export function matching(entries: readonly Entry[], text: string, most: number): Entry[] {
  const wanted = text.toLowerCase()
  const holds = (path: string) => {
    let at = 0
    for (const letter of wanted) {
      at = path.indexOf(letter, at) + 1
      if (at === 0) return false
    }
    return true
  }
  // What holds the words as they are comes before what only holds their letters.
  const exact = entries.filter(({ path }) => path.toLowerCase().includes(wanted))
  const known = new Set(exact)
  const loose = exact.length >= most ? [] : entries.filter((entry) => !known.has(entry) && holds(entry.path.toLowerCase()))
  const shorter = (a: Entry, b: Entry) => a.path.length - b.path.length
  return [...exact.sort(shorter), ...loose.sort(shorter)].slice(0, most)
}
