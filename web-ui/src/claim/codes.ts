// What stands on a box, as it is typed or read by the camera.

/** The code in what a QR code says: the code itself, or an address of a claim page that carries it. */
export function codeIn(text: string): string {
  const linked = /[?&#]code=([^&#\s]+)/.exec(text)
  return tidy(linked ? decodeURIComponent(linked[1] ?? '') : text)
}

/** Upper case, in groups of four where it is of letters and digits alone. */
export function tidy(typed: string): string {
  const bare = typed.toUpperCase().replace(/[\s-]/g, '')
  return /^[0-9A-Z]+$/.test(bare) ? (bare.match(/.{1,4}/g) ?? []).join('-') : typed.trim()
}

/** Random, 128 bits: the same when one browser asks twice. */
export function attempt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
