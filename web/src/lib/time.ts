// How moments are said: near ones relatively, all exactly on demand.

const DAY_MS = 86_400_000

/** A form of `Intl` that is made when it is first needed: each costs milliseconds. */
function form(options: Intl.DateTimeFormatOptions) {
  let made: Intl.DateTimeFormat | undefined
  return {
    format: (at: Date) => {
      made ??= new Intl.DateTimeFormat('en-GB', options)
      return made.format(at)
    },
  }
}

const clock = form({ hour: '2-digit', minute: '2-digit' })
const weekday = form({ weekday: 'short' })
const day = form({ day: 'numeric', month: 'short' })
const dayOfYear = form({ day: 'numeric', month: 'short', year: 'numeric' })
const full = form({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})
const utc = form({
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
})

/** "5 min ago", "yesterday 14:32", "12 Nov"; "in 5 days" for what is to come. */
export function relative(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime()
  if (ms < -30_000) return until(-ms, at, now)
  if (ms < 60_000) return 'just now'
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`
  const days = daysBetween(at, now)
  if (days === 0 || ms < 6 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h ago`
  if (days === 1) return `yesterday ${clock.format(at)}`
  if (days < 7) return `${weekday.format(at)} ${clock.format(at)}`
  return at.getFullYear() === now.getFullYear() ? day.format(at) : dayOfYear.format(at)
}

function until(ms: number, at: Date, now: Date): string {
  if (ms < 3_600_000) return `in ${Math.ceil(ms / 60_000)} min`
  if (ms < DAY_MS) return `in ${Math.round(ms / 3_600_000)} h`
  const days = Math.round(ms / DAY_MS)
  if (days <= 60) return days === 1 ? 'in 1 day' : `in ${days} days`
  return at.getFullYear() === now.getFullYear() ? day.format(at) : dayOfYear.format(at)
}

function daysBetween(at: Date, now: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(now) - midnight(at)) / DAY_MS)
}

/** "12 Nov 2026, 14:32:05 CET (13:32:05 UTC)". */
export function exact(at: Date): string {
  const local = full.format(at)
  return local.endsWith('UTC') ? local : `${local} (${utc.format(at)} UTC)`
}

/** "14:32". */
export function hour(at: Date): string {
  return clock.format(at)
}

/** "820 ms", "1 min 42 s", "3 h 10 min", "12 days". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`
  return `${Math.round(hours / 24)} days`
}
