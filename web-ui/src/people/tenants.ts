// Tenants, as their screen reads and writes them.
import { useInfiniteQuery } from '@tanstack/vue-query'
import { Problem, call } from '@/api/client'
import type { Page, Tenant } from '@/api/types'

export const tenantsKey = ['tenants'] as const

/** What each kind of tenant is here for, in words. */
export const TENANT_KINDS: Record<string, { word: string; does: string }> = {
  SERVICE_PROVIDER: { word: 'Service provider', does: 'claims devices and configures them' },
  MOBILE_OPERATOR: { word: 'Mobile operator', does: 'owns subscriptions, and the networks that devices may use' },
  MANUFACTURER: { word: 'Manufacturer', does: 'announces the devices that it ships' },
  PLATFORM_OPERATOR: { word: 'Platform operator', does: 'runs this platform' },
}

export const useTenants = () =>
  useInfiniteQuery({
    queryKey: tenantsKey,
    queryFn: ({ pageParam, signal }) => call<Page<Tenant>>('tenants', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

const ifMatch = (version: number | undefined) => (version === undefined ? undefined : `"${version}"`)

/** Makes one, or changes the version that was read. */
export function putTenant(tenant: Tenant): Promise<Tenant> {
  return call<Tenant>(`tenants/${encodeURIComponent(tenant.id ?? '')}`, {
    method: 'PUT',
    body: { name: tenant.name, kind: tenant.kind, operatorId: tenant.operatorId, plmnPolicy: tenant.plmnPolicy },
    ifMatch: ifMatch(tenant.version),
  })
}

export function deleteTenant(tenant: Tenant): Promise<void> {
  return call<void>(`tenants/${encodeURIComponent(tenant.id ?? '')}`, { method: 'DELETE', ifMatch: ifMatch(tenant.version) })
}

/** Why a tenant was not saved; the server's words about versions are for programs. */
export function unsaved(refusal: unknown, isNew: boolean): Problem {
  const problem = Problem.of(refusal)
  if (problem.status !== 412) return problem
  return isNew
    ? new Problem(412, problem.code, 'This id is taken', 'Choose another, or change the tenant that has it.')
    : new Problem(412, problem.code, 'It was changed meanwhile', 'Nothing is saved. Cancel, and open it again to see what is there now.')
}

/** "26201, 26203" or "26201 26203" as a list; whether each can be one is the server's to say. */
export function plmnList(text: string): string[] {
  return text.split(/[\s,;]+/).filter((one) => one !== '')
}
