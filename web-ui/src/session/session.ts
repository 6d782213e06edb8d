// Who is signed in. A sign-in ends as a cookie that no script can read; only names are kept here.
import { ref } from 'vue'
import { Problem, call, useCsrf } from '@/api/client'
import type { Session, SignIn } from '@/api/types'
import { startStream, stopStream } from '@/live/stream'

/** undefined: not asked yet; null: nobody is signed in. */
export const session = ref<Session | null | undefined>(undefined)

/** Asks the server who is signed in, once a page load. */
export async function restore(): Promise<void> {
  try {
    opened(await call<Session>('session'))
  } catch (failure) {
    if (Problem.of(failure).status !== 401) throw failure
    session.value = null
  }
}

/** Trades a one-time code, or an API token (they look alike), for a session cookie. */
export async function signIn(secret: string): Promise<void> {
  const trade = (body: SignIn) => call<Session>('session', { method: 'POST', body })
  const refused = (failure: unknown) => {
    if (Problem.of(failure).status !== 401) throw failure
    return trade({ token: secret })
  }
  opened(await trade({ code: secret }).catch(refused))
}

export async function signOut(): Promise<void> {
  await call('session', { method: 'DELETE' }).catch(() => {})
  closed()
}

/** The server no longer knows us. */
export function closed(): void {
  stopStream()
  session.value = null
}

function opened(who: Session): void {
  session.value = who
  useCsrf(who.csrf)
  startStream(closed)
}
