import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Certificate, Device, Session } from '@/api/types'
import CertificatesCard from '@/certificate/CertificatesCard.vue'
import CertificatesPage from '@/certificate/CertificatesPage.vue'
import { CHOICES, isDue, madeBy, standing } from '@/certificate/words'
import { session } from '@/session/session'

const now = Date.parse('2026-11-01T00:00:00Z')
const current: Certificate = {
  endpointName: 'urn:dev:ops:1',
  account: 1,
  serialNumber: 'a1',
  sha256: '00',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2028-01-01T00:00:00Z',
  est: true,
  state: 'CURRENT',
  renewFrom: '2027-05-01T00:00:00Z',
}

describe('a certificate', () => {
  it('says where it stands', () => {
    expect(standing(current, now)).toBe('in use')
    expect(standing({ ...current, renewFrom: '2026-10-31T00:00:00Z' }, now)).toBe('in use, due for renewal')
    expect(standing({ ...current, renewalAskedAt: '2026-10-31T00:00:00Z' }, now)).toBe('in use, another is asked for')
    expect(standing({ ...current, state: 'NEXT' }, now)).toBe('handed over, not in use yet')
    expect(standing({ ...current, state: 'REVOKED', reason: 'SUPERSEDED', renewFrom: undefined }, now)).toBe('superseded by a newer one')
    expect(standing({ ...current, state: 'REVOKED', renewFrom: undefined }, now)).toBe('revoked')
    expect(isDue({ ...current, renewFrom: undefined }, now)).toBe(false)
  })

  it('says where its key is', () => {
    expect(madeBy(current)).toContain('never left the device')
    expect(madeBy({ ...current, est: false })).toContain('handed over')
  })

  it('is revoked by people for their own reasons alone', () => {
    expect(CHOICES.map(([value]) => value)).not.toContain('SUPERSEDED')
  })
})

describe('the certificates of a device', () => {
  let stored: Certificate[]
  let sent: string[]

  /** A server that keeps them. */
  function serve(url: URL, init: RequestInit): Promise<Response> {
    const path = new URL(url).pathname.replace(/.*\/api\/v1\//, '')
    if (init.method !== 'GET') sent.push(`${init.method} ${path} ${String(init.body ?? '')}`)
    if (init.method === 'PUT') stored = stored.map((one) => ({ ...one, state: 'REVOKED', reason: JSON.parse(String(init.body)).reason }))
    if (init.method === 'POST') stored = stored.map((one) => ({ ...one, renewalAskedAt: '2026-10-31T00:00:00Z' }))
    return Promise.resolve(Response.json({ items: stored }, { status: init.method === 'POST' ? 202 : 200 }))
  }

  async function open(as: Partial<Session>) {
    session.value = { name: 'Anna', csrf: 'c', ...as } as Session
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: { template: '<div />' } }] })
    const plugins = [router, [VueQueryPlugin, { queryClient: queries }]] as never[]
    const card = mount(CertificatesCard, { props: { device: { endpointName: current.endpointName } as Device }, global: { plugins } })
    const page = mount(CertificatesPage, { global: { plugins } })
    await flushPromises()
    return { card, page }
  }

  beforeEach(() => {
    stored = [current]
    sent = []
    vi.stubGlobal('fetch', serve)
  })
  afterEach(() => {
    session.value = undefined
    vi.unstubAllGlobals()
  })

  it('are revoked only when asked twice, with a reason', async () => {
    const { card } = await open({ kind: 'SERVICE_PROVIDER', role: 'OPERATOR' })
    await card.get('[data-testid=revoke]').trigger('click')
    expect(sent).toEqual([])
    await card.get('[data-testid=revoke-reason]').setValue('PRIVILEGE_WITHDRAWN')
    await card.get('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual(['PUT devices/urn%3Adev%3Aops%3A1/certificates/a1/revocation {"reason":"PRIVILEGE_WITHDRAWN"}'])
    expect(card.get('[data-testid=certificate-state]').text()).toContain('may not come')
    expect(card.find('[data-testid=revoke]').exists()).toBe(false)
  })

  it('are renewed on request, and once', async () => {
    const { card } = await open({ kind: 'PLATFORM_OPERATOR', role: 'OPERATOR' })
    await card.get('[data-testid=renew]').trigger('click')
    await flushPromises()
    expect(sent).toEqual(['POST devices/urn%3Adev%3Aops%3A1/renewal '])
    expect(card.find('[data-testid=renew]').exists()).toBe(false)
  })

  it('are only shown to who may not change them', async () => {
    for (const as of [{ kind: 'SERVICE_PROVIDER', role: 'VIEWER' }, { kind: 'MOBILE_OPERATOR', role: 'OPERATOR' }] as const) {
      const { card } = await open(as)
      expect(card.text()).toContain('a1')
      expect(card.find('button').exists()).toBe(false)
    }
  })

  it('are listed for the fleet when they are due', async () => {
    const { page } = await open({ kind: 'PLATFORM_OPERATOR', role: 'VIEWER' })
    expect(page.findAll('[data-testid=due-certificate]')).toHaveLength(1)
    stored = []
    const { page: none } = await open({ kind: 'PLATFORM_OPERATOR', role: 'VIEWER' })
    expect(none.text()).toContain('No certificate is due')
  })
})
