// Server-sent events over fetch: unlike EventSource it sees every event type and the status of a
// refused stream, and notices a stream that has gone silent.

export interface ServerEvent {
  id: string
  type: string
  data: string
}

/** Splits a text/event-stream, as it comes in pieces, into events (WHATWG HTML §9.2.6). */
export class EventParser {
  private rest = ''
  private id = ''
  private type = ''
  private data: string[] = []

  constructor(private readonly onEvent: (event: ServerEvent) => void) {}

  push(piece: string): void {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    if (line === '') {
      if (this.data.length > 0) {
        this.onEvent({ id: this.id, type: this.type || 'message', data: this.data.join('\n') })
      }
      this.type = ''
      this.data = []
      return
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.data.push(value)
    else if (field === 'event') this.type = value
    else if (field === 'id') this.id = value
  }
}

export interface FollowOptions {
  url: () => URL
  onOpen: (resumed: boolean) => void
  onLost: () => void
  onRefused: (status: number) => void
  onEvent: (event: ServerEvent) => void
  /** A stream without even a comment for so long is taken for dead. */
  silenceMs?: number
  /** Waits between tries; the last one repeats. */
  backOffMs?: number[]
}

/** Follows a stream until stopped, and resumes after the last event that it saw. */
export function follow(options: FollowOptions): () => void {
  const backOff = options.backOffMs ?? [500, 1000, 2000, 4000, 8000]
  const stop = new AbortController()
  let lastId = ''
  let opened = false
  let tries = 0

  async function once(): Promise<void> {
    const attempt = new AbortController()
    const abort = () => attempt.abort()
    stop.signal.addEventListener('abort', abort)
    let silence: ReturnType<typeof setTimeout> | undefined
    const heard = () => {
      clearTimeout(silence)
      silence = setTimeout(abort, options.silenceMs ?? 45_000)
    }
    try {
      heard()
      const response = await fetch(options.url(), {
        headers: { Accept: 'text/event-stream', ...(lastId && { 'Last-Event-ID': lastId }) },
        signal: attempt.signal,
        credentials: 'same-origin',
        cache: 'no-store',
      })
      if (!response.ok || !response.body) {
        if (response.status === 401 || response.status === 403) {
          stop.abort()
          options.onRefused(response.status)
        }
        return
      }
      options.onOpen(opened)
      opened = true
      tries = 0
      const parser = new EventParser((event) => {
        if (event.id) lastId = event.id
        options.onEvent(event)
      })
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        heard()
        parser.push(value)
      }
    } finally {
      clearTimeout(silence)
      stop.signal.removeEventListener('abort', abort)
    }
  }

  async function forever(): Promise<void> {
    while (!stop.signal.aborted) {
      await once().catch(() => {})
      if (stop.signal.aborted) return
      options.onLost()
      const wait = backOff[Math.min(tries++, backOff.length - 1)] ?? 8000
      await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)))
    }
  }

  void forever()
  return () => stop.abort()
}
