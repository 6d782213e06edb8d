// Instants and durations as people say them.

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "now", "12 s ago", "3 min ago", "in 2 h": never more exact than one unit. */
export function ago(at: string | number | Date, now: number): string {
  const seconds = Math.round((now - new Date(at).getTime()) / 1000)
  if (Number.isNaN(seconds)) return 'unknown'
  const size = roughly(Math.abs(seconds))
  if (Math.abs(seconds) < 2) return 'now'
  return seconds < 0 ? `in ${size}` : `${size} ago`
}

/** "45 s", "12 min", "3 h", "6 d". */
export function roughly(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h`
  return `${Math.floor(seconds / DAY)} d`
}

/** A configured duration in full: 86400 is "1 d", 5400 is "1 h 30 min", -1 as the caller says. */
export function exactly(seconds: number): string {
  if (seconds === 0) return '0 s'
  const units: [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1, 's'],
  ]
  let rest = seconds
  const said: string[] = []
  for (const [size, name] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) said.push(`${count} ${name}`)
  }
  return said.join(' ')
}

/** How long something took: "8 ms", "1.24 s", "3 min". */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return roughly(ms / 1000)
}

/** The instant in full, in the viewer's time zone. */
export function inFull(at: string | number | Date): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })
}

/** The time of day alone, for rows of one session. */
export function timeOfDay(at: string | number | Date): string {
  return new Date(at).toLocaleTimeString(undefined, { hour12: false })
}

/** "512 B", "1.1 kB". */
export function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}

/** The first moment of a day such as "2026-11-27", in the viewer's time zone, as the API has times. */
export function dayStart(day: string): string {
  return new Date(`${day}T00:00`).toISOString()
}

/** The first moment after it. */
export function dayEnd(day: string): string {
  const next = new Date(`${day}T00:00`)
  next.setDate(next.getDate() + 1)
  return next.toISOString()
}
