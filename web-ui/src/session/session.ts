// Who is signed in. A sign-in ends as a cookie that no script can read; only names are kept here.
import { ref } from 'vue'
import { Problem, call, useCsrf } from '@/api/client'
import type { Role, Session, SignIn } from '@/api/types'
import { startStream, stopStream } from '@/live/stream'

/** undefined: not asked yet; null: nobody is signed in. */
export const session = ref<Session | null | undefined>(undefined)

const ROLES: Role[] = ['VIEWER', 'OPERATOR', 'ADMINISTRATOR']

/** Whether who is signed in has at least this role; the server decides, this hides what it would refuse. */
export function may(role: Role): boolean {
  return session.value != null && ROLES.indexOf(session.value.role) >= ROLES.indexOf(role)
}

/** Asks the server who is signed in, once a page load. */
export async function restore(): Promise<void> {
  try {
    opened(await call<Session>('session'))
  } catch (failure) {
    if (Problem.of(failure).status !== 401) throw failure
    session.value = null
  }
}

const open = async (body: SignIn) => opened(await call<Session>('session', { method: 'POST', body }))

/** Trades a name with its password, or a one-time code, for a session cookie. */
export function signIn(proof: SignIn): Promise<void> {
  return open(proof)
}

/** Trades a one-time code, or an API token: they look alike. */
export async function signInWithSecret(secret: string): Promise<void> {
  const refused = (failure: unknown) => {
    if (Problem.of(failure).status !== 401) throw failure
    return open({ token: secret })
  }
  await open({ code: secret }).catch(refused)
}

/** Chooses another password; the server begins a new session for it. */
export async function changePassword(password: string, oldPassword?: string): Promise<void> {
  // the server ends the stream with the old session, before we hear of the new one
  stopStream()
  const changed = call<Session>('account/password', {
    method: 'PUT',
    body: { password, ...(oldPassword !== undefined && { oldPassword }) },
  })
  changing = changed
  try {
    opened(await changed)
  } catch (failure) {
    startStream(doubted)
    throw failure
  } finally {
    changing = undefined
  }
}

/** A change of the session that is under way: a refusal meanwhile may be the old one's. */
let changing: Promise<unknown> | undefined

/** Something was refused for want of a session: whether it has ended, or another has begun. */
export async function doubted(): Promise<void> {
  await changing?.catch(() => {})
  try {
    const who = await call<Session>('session')
    if (session.value) opened(who)
  } catch (failure) {
    if (Problem.of(failure).status === 401) closed()
  }
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
  startStream(doubted)
}
