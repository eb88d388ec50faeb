// What is meant by some letters: first what begins with them, then where a word does, then what holds them anywhere.

/** The less, the nearer; nothing where it is not meant. */
export function rank(label: string, about: string, text: string): number | undefined {
  const name = label.toLowerCase()
  const wanted = text.trim().toLowerCase()
  if (name.startsWith(wanted)) return 0
  const words = wanted.split(/\s+/)
  const begins = (word: string) => name.split(/[^\p{L}\p{N}#@]+/u).some((part) => part.startsWith(word))
  if (words.every(begins)) return 1
  if (words.every((word) => name.includes(word))) return 2
  if (words.every((word) => `${name} ${about}`.includes(word))) return 3
  let from = 0
  for (const letter of wanted.replace(/\s+/g, '')) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return undefined
  }
  return 4
}

/** Those that are meant, the nearest first; equally near ones as they stood. */
export function ranked<Item extends { label: string; about?: string }>(items: readonly Item[], text: string): Item[] {
  if (!text.trim()) return [...items]
  return items
    .map((item) => ({ item, rank: rank(item.label, item.about ?? '', text) }))
    .filter((one): one is { item: Item; rank: number } => one.rank !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
