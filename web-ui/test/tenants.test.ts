import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Session, Tenant } from '@/api/types'
import TenantsPage from '@/people/TenantsPage.vue'
import UsersPage from '@/people/UsersPage.vue'
import { plmnList } from '@/people/tenants'
import { session } from '@/session/session'

let stored: Tenant[]

/** A server that keeps tenants, and changes only the version that was read. */
function serve(url: URL, init: RequestInit): Promise<Response> {
  if (new URL(url).pathname.endsWith('/users')) return Promise.resolve(Response.json(people(new URL(url).searchParams.get('cursor'))))
  const id = decodeURIComponent(new URL(url).pathname.split('/tenants/')[1] ?? '')
  if (id === '') return Promise.resolve(Response.json({ items: stored }))
  const at = stored.findIndex((one) => one.id === id)
  const ifMatch = (init.headers as Record<string, string>)['If-Match']
  if (at >= 0 && ifMatch !== `"${stored[at]?.version}"`) return refused(412, 'It was changed meanwhile')
  if (init.method === 'DELETE') return refused(409, 'it owns devices')
  const saved = { ...JSON.parse(String(init.body)), id, version: (stored[at]?.version ?? 0) + 1 }
  stored = [...stored.filter((one) => one.id !== id), saved]
  return Promise.resolve(Response.json(saved))
}

const refused = (status: number, title: string) => Promise.resolve(Response.json({ code: 'X', title, detail: '' }, { status }))

/** Two pages of users; those of "harbour" are on the second. */
const people = (cursor: string | null) =>
  cursor === null
    ? { items: [{ id: 'anna', version: 1, tenant: 'platform', displayName: 'Anna', role: 'ADMINISTRATOR', state: 'ACTIVE' }], next: '2' }
    : { items: [{ id: 'hal', version: 1, tenant: 'harbour', displayName: 'Hal', role: 'ADMINISTRATOR', state: 'ACTIVE' }] }

async function open(as: Partial<Session>, screen: Component = TenantsPage, path = '/tenants') {
  session.value = { name: 'Anna', csrf: 'c', ...as } as Session
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: false } } })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: { template: '<div />' } }] })
  await router.push(path)
  const page = mount(screen, { global: { plugins: [router, [VueQueryPlugin, { queryClient: queries }]] } })
  await flushPromises()
  return page
}

const platform = { tenant: 'platform', kind: 'PLATFORM_OPERATOR', role: 'ADMINISTRATOR' } as const

describe('tenants', () => {
  beforeEach(() => {
    stored = [
      { id: 'north', version: 3, name: 'North Mobile', kind: 'MOBILE_OPERATOR', operatorId: 'north-mobile', plmnPolicy: { plmns: ['26201'], exclusive: true } },
      { id: 'harbour', version: 1, name: '<img src=x onerror=alert(1)>', kind: 'SERVICE_PROVIDER' },
    ]
    vi.stubGlobal('fetch', serve)
  })
  afterEach(() => {
    session.value = undefined
    vi.unstubAllGlobals()
  })

  it('have their PLMNs cut out of what is typed', () => {
    expect(plmnList(' 26201, 26203;262010\n')).toEqual(['26201', '26203', '262010'])
    expect(plmnList(' ')).toEqual([])
  })

  it('are shown as text, whatever they are named', async () => {
    const page = await open(platform)
    expect(page.find('img').exists()).toBe(false)
    expect(page.text()).toContain('<img src=x onerror=alert(1)>')
  })

  it('that another changed meanwhile can be opened anew and changed', async () => {
    const page = await open(platform)
    await page.get('[data-id=north] [data-testid=edit-tenant]').trigger('click')
    stored[0] = { ...stored[0]!, version: 4, name: 'North II' }
    await page.get('[data-testid=tenant-name]').setValue('North III')
    await page.get('[data-testid=tenant-form]').trigger('submit')
    await flushPromises()
    expect(page.get('[data-testid=error-note]').text()).toContain('meanwhile')
    expect((page.get('[data-testid=tenant-name]').element as HTMLInputElement).value).toBe('North III')
    const cancel = page.findAll('button').find((one) => one.text() === 'Cancel')!
    await cancel.trigger('click')
    await flushPromises()
    await page.get('[data-id=north] [data-testid=edit-tenant]').trigger('click')
    expect((page.get('[data-testid=tenant-name]').element as HTMLInputElement).value).toBe('North II')
    await page.get('[data-testid=tenant-name]').setValue('North III')
    await page.get('[data-testid=tenant-form]').trigger('submit')
    await flushPromises()
    expect(stored.find((one) => one.id === 'north')).toMatchObject({ version: 5, name: 'North III' })
  })

  it('keep what is typed in one form while another is refused deletion', async () => {
    const page = await open(platform)
    await page.get('[data-id=north] [data-testid=edit-tenant]').trigger('click')
    await page.get('[data-testid=tenant-name]').setValue('half typed')
    await page.get('[data-id=harbour] [data-testid=delete-tenant]').trigger('click')
    await page.get('[data-testid=really-delete-tenant]').trigger('click')
    await flushPromises()
    expect(page.get('[data-testid=error-note]').text()).toContain('it owns devices')
    expect((page.get('[data-testid=tenant-name]').element as HTMLInputElement).value).toBe('half typed')
  })

  it('say that an id is taken, in no words of HTTP', async () => {
    const page = await open(platform)
    await page.get('[data-testid=add-tenant]').trigger('click')
    await page.get('[data-testid=tenant-id]').setValue('north')
    await page.get('[data-testid=tenant-name]').setValue('Another')
    await page.get('[data-testid=tenant-form]').trigger('submit')
    await flushPromises()
    expect(page.get('[data-testid=tenant-form] [data-testid=error-note]').text()).toContain('This id is taken')
  })

  it('lead to their users, on whatever page of the list these are', async () => {
    const page = await open(platform)
    expect(page.get('[data-id=harbour] [data-testid=users-of-tenant]').attributes('href')).toBe('/users?tenant=harbour')
    const users = await open(platform, UsersPage, '/users?tenant=harbour')
    await vi.waitFor(() => expect(users.findAll('[data-testid=user]').map((one) => one.attributes('data-id'))).toEqual(['hal']))
    await users.get('[data-testid=add-user]').trigger('click')
    expect((users.get('[data-testid=user-tenant]').element as HTMLInputElement).value).toBe('harbour')
  })

  it('are changed by those alone who may', async () => {
    const seen = async (as: Partial<Session>) => {
      const page = await open(as)
      const has = (id: string) => page.findAll(`[data-testid=${id}]`).length
      return [has('add-tenant'), has('edit-tenant'), has('delete-tenant')]
    }
    expect(await seen(platform)).toEqual([1, 2, 2])
    expect(await seen({ ...platform, role: 'OPERATOR' })).toEqual([0, 0, 0])
    expect(await seen({ tenant: 'north', kind: 'MOBILE_OPERATOR', role: 'ADMINISTRATOR' })).toEqual([0, 1, 0])
    expect(await seen({ tenant: 'north', kind: 'MOBILE_OPERATOR', role: 'OPERATOR' })).toEqual([0, 0, 0])
    expect(await seen({ tenant: 'harbour', kind: 'SERVICE_PROVIDER', role: 'ADMINISTRATOR' })).toEqual([0, 0, 0])
  })
})
