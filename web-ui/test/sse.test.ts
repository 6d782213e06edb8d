import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventParser, follow, type ServerEvent } from '@/live/sse'

function parse(...pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = []
  const parser = new EventParser((event) => events.push(event))
  pieces.forEach((piece) => parser.push(piece))
  return events
}

describe('an event stream', () => {
  it('is read whatever the pieces it comes in', () => {
    expect(parse('id: 7\nda', 'ta: {"a"', ':1}\n', '\n')).toEqual([{ id: '7', type: 'message', data: '{"a":1}' }])
  })

  it('joins lines of data, and takes CRLF', () => {
    expect(parse('event: x\r\ndata: a\r\ndata:b\r\n\r\n')).toEqual([{ id: '', type: 'x', data: 'a\nb' }])
  })

  it('has comments and fields that mean nothing here', () => {
    expect(parse(': still here\n\nretry: 5\n\n')).toEqual([])
  })
})

describe('following', () => {
  let stop: (() => void) | undefined
  afterEach(() => {
    stop?.()
    vi.unstubAllGlobals()
  })

  const answer = (text: string) => new Response(new Blob([text]).stream(), { status: 200 })

  it('resumes after the last event that it saw, and says so', async () => {
    const asked: (string | undefined)[] = []
    vi.stubGlobal('fetch', (_url: URL, init: { headers: Record<string, string>; signal: AbortSignal }) => {
      asked.push(init.headers['Last-Event-ID'])
      return asked.length === 1 ? Promise.resolve(answer('id: 41\ndata: {}\n\n')) : new Promise(() => {})
    })
    const said: string[] = []
    stop = follow({
      url: () => new URL('http://localhost/events'),
      onOpen: () => said.push('open'),
      onLost: () => said.push('lost'),
      onRefused: () => said.push('refused'),
      onEvent: (event) => said.push(`event ${event.id}`),
      backOffMs: [1],
    })
    await vi.waitFor(() => expect(asked).toEqual([undefined, '41']))
    expect(said).toEqual(['open', 'event 41', 'lost'])
  })

  it('stops when nobody is signed in any more', async () => {
    let asked = 0
    vi.stubGlobal('fetch', () => {
      asked++
      return Promise.resolve(new Response('', { status: 401 }))
    })
    const refused = new Promise<number>((resolve) => {
      stop = follow({
        url: () => new URL('http://localhost/events'),
        onOpen: () => {},
        onLost: () => {},
        onRefused: resolve,
        onEvent: () => {},
        backOffMs: [1],
      })
    })
    expect(await refused).toBe(401)
    expect(asked).toBe(1)
  })

  it('takes a silent stream for a lost one', async () => {
    vi.stubGlobal('fetch', (_url: URL, init: { signal: AbortSignal }) => {
      const silent = new ReadableStream({
        start: (controller) =>
          init.signal.addEventListener('abort', () => controller.error(new DOMException('', 'AbortError'))),
      })
      return Promise.resolve(new Response(silent, { status: 200 }))
    })
    const lost = new Promise<void>((resolve) => {
      stop = follow({
        url: () => new URL('http://localhost/events'),
        onOpen: () => {},
        onLost: resolve,
        onRefused: () => {},
        onEvent: () => {},
        silenceMs: 5,
        backOffMs: [1],
      })
    })
    await lost
  })
})
