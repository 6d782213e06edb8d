// The one place that calls the HTTP API. Every failure becomes a Problem (RFC 9457).

/** Where the API is: beside the console, whatever path a proxy gave it. */
export function apiUrl(path: string): URL {
  return new URL(`api/v1/${path}`, document.baseURI)
}

/** A refusal of the API, or the lack of any answer, in words for the reader. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title)
    this.name = 'Problem'
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error
    return new Problem(0, 'UNKNOWN', 'Something went wrong in the console', String(error))
  }

  static unreachable(): Problem {
    return new Problem(
      0,
      'UNREACHABLE',
      'The server did not answer',
      'It may be restarting, or the connection to it is down.',
    )
  }

  static async from(response: Response): Promise<Problem> {
    const body = await response.json().catch(() => ({}))
    return new Problem(
      response.status,
      typeof body.code === 'string' ? body.code : 'UNKNOWN',
      typeof body.title === 'string' ? body.title : `The server answered ${response.status}`,
      typeof body.detail === 'string' ? body.detail : '',
    )
  }
}

type OnSignedOut = () => void
let onSignedOut: OnSignedOut = () => {}
let csrf = '1'

/** What to do when the API says that nobody is signed in. */
export function whenSignedOut(then: OnSignedOut): void {
  onSignedOut = then
}

/** The value that proves a write comes from this page and not from another site. */
export function useCsrf(value: string | undefined): void {
  csrf = value ?? '1'
}

interface Options {
  method?: string
  body?: unknown
  /** In the place of a body: sent as they are. */
  bytes?: Blob
  bytesType?: string
  ifMatch?: string
  signal?: AbortSignal
  query?: Record<string, string | number | undefined>
}

/** Calls the API and returns its JSON, or undefined when the answer has no body. */
export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const url = apiUrl(path)
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  const method = options.method ?? 'GET'
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-Firstlight-Csrf'] = csrf
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.bytes !== undefined) headers['Content-Type'] = options.bytesType ?? 'application/octet-stream'
  if (options.ifMatch !== undefined) headers['If-Match'] = options.ifMatch

  const response = await fetch(url, {
    method,
    headers,
    body: options.bytes ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    signal: options.signal,
    credentials: 'same-origin',
    cache: 'no-store',
  }).catch((failure: unknown) => {
    throw failure instanceof DOMException && failure.name === 'AbortError' ? failure : Problem.unreachable()
  })
  if (!response.ok) {
    const problem = await Problem.from(response)
    if (response.status === 401 && path !== 'session' && path !== 'my-device') onSignedOut()
    throw problem
  }
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}
