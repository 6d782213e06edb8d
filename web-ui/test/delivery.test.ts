import { createHash } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { deliver, sha256Of } from '@/trust/delivery'

afterEach(() => vi.unstubAllGlobals())

const bytes = new Uint8Array(9 * 1024 * 1024).map((_, index) => index % 251)
const list = new Blob([bytes])

it('hashes a list in pieces', async () => {
  expect(await sha256Of(list)).toBe(createHash('sha256').update(bytes).digest('hex'))
})

it('goes on where the platform says, and asks again after a conflict', async () => {
  const asked: string[] = []
  const half = 5 * 1024 * 1024
  let received = half
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: URL, options: RequestInit) => {
      asked.push(`${options.method} ${url.search}`)
      if (options.method === 'PUT' && asked.length === 2) {
        return new Response(JSON.stringify({ code: 'CONFLICT', detail: 'offset' }), { status: 409 })
      }
      if (options.method === 'PUT') received += (options.body as Blob).size
      return new Response(JSON.stringify({ id: 'x', state: received === list.size ? 'VERIFYING' : 'RECEIVING', received }))
    }),
  )

  const done = await deliver('acme', list, undefined, () => {})

  expect(done.state).toBe('VERIFYING')
  expect(asked).toEqual(['POST ', `PUT ?offset=${half}`, 'GET ', `PUT ?offset=${half}`])
})
