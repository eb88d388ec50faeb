// How numbers, sizes and counts are said.

/** "12,345". By hand: the first number of `Intl` costs a page 40 ms. */
export function number(value: number): string {
  return String(value).replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ',')
}

/** "9,999", then "12.4k": for chips and the sidebar. */
export function short(value: number): string {
  if (value < 10_000) return number(value)
  if (value < 1_000_000) return `${(value / 1_000).toFixed(1).replace(/\.0$/, '')}k`
  return `${(value / 1_000_000).toFixed(1).replace(/\.0$/, '')}M`
}

/** "1 scan", "3 scans". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`
}

/** "dead_letter" as "Dead letter". */
export function words(name: string): string {
  const text = name.replace(/[_.-]+/g, ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A path that is too long loses its middle, never its file. */
export function middle(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.ceil((most - 1) * 0.65)
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`
}

export function initials(name: string): string {
  const parts = name.split(/[\s._@-]+/).filter(Boolean)
  const letters = parts.length > 1 ? `${parts[0]?.[0]}${parts[1]?.[0]}` : name.slice(0, 2)
  return letters.toUpperCase()
}

/** "820 B", "14 KiB", "1.2 MiB". */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KiB`
  return `${(size / 1024 / 1024).toFixed(1)} MiB`
}
