import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const tokens = readFileSync(join(root, 'src/style/tokens.css'), 'utf8')

/** A token's colour by day or by night. */
function colour(name: string, night: boolean): string {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens)
  const plain = new RegExp(`--${name}: (#\\w+)`).exec(tokens)
  return (pair ? pair[night ? 2 : 1] : plain?.[1]) ?? ''
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const TEXT = ['ink', 'ink-soft', 'ink-faint', 'brand', 'good', 'warn', 'bad', 'busy']
const ON = ['page', 'surface', 'raised', 'hover']
const PAIRS = [
  ...TEXT.flatMap((text) => ON.map((on) => [text, on])),
  ...['good', 'warn', 'bad'].map((tone) => [tone, `${tone}-wash`]),
  ['brand', 'brand-wash'],
  ['ink', 'fresh-wash'],
  ['ink-faint', 'fresh-wash'],
  ['ink', 'sunken'],
  ['ink-soft', 'sunken'],
  ['ink-faint', 'sunken'],
  ['on-brand', 'brand-fill'],
  ['on-brand', 'brand-fill-hover'],
]

describe.each([
  ['day', false],
  ['night', true],
])('by %s', (_name, night) => {
  it.each(PAIRS)('%s on %s can be read (WCAG AA, 4.5 : 1)', (text, on) => {
    expect(contrast(colour(text!, night), colour(on!, night))).toBeGreaterThanOrEqual(4.5)
  })

  it('edges of fields can be seen (3 : 1)', () => {
    expect(contrast(colour('line-strong', night), colour('surface', night))).toBeGreaterThanOrEqual(3)
  })
})

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

describe('under a strict Content-Security-Policy', () => {
  it.each(sources(join(root, 'src')).filter((name) => name.endsWith('.vue')))('%s has no style attribute', (name) => {
    expect(readFileSync(name, 'utf8')).not.toMatch(/\sstyle="/)
  })

  it('nothing comes from another host', () => {
    const hosts = sources(join(root, 'src')).filter((name) => /https?:\/\//.test(readFileSync(name, 'utf8')))
    expect(hosts).toEqual([])
  })
})

it('the lock file names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"')
})

// what a device, a manufacturer or an owner says is put into a page as text, and in no other way
it.each(sources(join(root, 'src')))('%s makes no HTML of a string', (file) => {
  expect(readFileSync(file, 'utf8')).not.toMatch(/v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc/)
})
