// People, sessions and tokens, as their screens read and write them.
import { useInfiniteQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { call } from '@/api/client'
import type { BrowserSession, Page, Role, Token, User } from '@/api/types'

export const peopleKeys = {
  users: ['users'] as const,
  sessions: ['browser-sessions'] as const,
  tokens: ['tokens'] as const,
}

/** What each role may, in words. */
export const ROLES: Record<Role, { word: string; may: string }> = {
  VIEWER: { word: 'Viewer', may: 'reads' },
  OPERATOR: { word: 'Operator', may: 'works on devices and documents' },
  ADMINISTRATOR: { word: 'Administrator', may: 'also users, tokens, tenants and trust' },
}

export interface Invitation {
  user: string
  code: string
  expiresAt: string
}

function pages<T>(queryKey: readonly string[], path: string, enabled?: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => call<Page<T>>(path, { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    ...(enabled && { enabled }),
  })
}

export const useUsers = () => pages<User>(peopleKeys.users, 'users')
export const useBrowserSessions = () => pages<BrowserSession>(peopleKeys.sessions, 'sessions')
export const useTokens = () => pages<Token>(peopleKeys.tokens, 'tokens')

const userPath = (name: string, part = '') => `users/${encodeURIComponent(name)}${part}`

/** Makes one, or changes the version that was read. */
export function putUser(user: User): Promise<User> {
  return call<User>(userPath(user.id ?? ''), {
    method: 'PUT',
    body: { tenant: user.tenant, displayName: user.displayName, role: user.role, state: user.state ?? 'ACTIVE' },
    ifMatch: user.version === undefined ? undefined : `"${user.version}"`,
  })
}

export const deleteUser = (name: string) => call<void>(userPath(name), { method: 'DELETE' })
export const inviteUser = (name: string) => call<Invitation>(userPath(name, '/invitation'), { method: 'POST' })
export const signUserOut = (name: string) => call<void>(userPath(name, '/sessions'), { method: 'DELETE' })
export const endSession = (id: string) => call<void>(`sessions/${id}`, { method: 'DELETE' })
export const deleteToken = (id: string) => call<void>(`tokens/${id}`, { method: 'DELETE' })

export function makeToken(wish: { name: string; scopes?: string[]; expiresInSeconds?: number }): Promise<Token & { token: string }> {
  return call<Token & { token: string }>('tokens', { method: 'POST', body: wish })
}

/** What an invited person opens; what follows # stays in its browser. */
export function invitationLink(invitation: Invitation): string {
  return `${new URL('.', document.baseURI).href}#/sign-in?code=${invitation.code}`
}
