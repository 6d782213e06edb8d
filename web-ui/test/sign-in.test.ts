import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import SignInPage from '@/session/SignInPage.vue'
import { closed, session } from '@/session/session'

const asked: { path: string; body: unknown }[] = []

/** A server that knows one code. */
function serve(url: URL, init: RequestInit): Promise<Response> {
  const path = new URL(url).pathname
  if (path.endsWith('/events')) return new Promise(() => {})
  if (path.endsWith('/session/ways')) return Promise.resolve(Response.json({ password: true, oidc: 'Example' }))
  const body = JSON.parse(String(init.body))
  asked.push({ path, body })
  const user = { user: 'anna', hasPassword: body.password === 'seven brown foxes' }
  if (body.name === 'anna' || body.code === 'invited') {
    return Promise.resolve(Response.json({ tenant: 't', kind: 'SERVICE_PROVIDER', role: 'VIEWER', name: 'Anna', csrf: 'c', ...user }))
  }
  if (body.code !== 'dawn') {
    return Promise.resolve(Response.json({ code: 'UNAUTHENTICATED', title: 'Not signed in', detail: '' }, { status: 401 }))
  }
  return Promise.resolve(Response.json({ tenant: 'platform', kind: 'PLATFORM_OPERATOR', role: 'ADMINISTRATOR', name: 'x', csrf: 'c' }))
}

async function open(path: string) {
  const blank = { template: '<div />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/sign-in', component: SignInPage },
      { path: '/:rest(.*)', component: blank },
    ],
  })
  await router.push(path)
  const page = mount(SignInPage, { global: { plugins: [router] }, attachTo: document.body })
  await flushPromises()
  return { page, router }
}

describe('signing in', () => {
  beforeEach(() => {
    asked.length = 0
    vi.stubGlobal('fetch', serve)
  })
  afterEach(() => {
    closed()
    vi.unstubAllGlobals()
  })

  it('by a link takes the code out of the address, sends it once and goes on', async () => {
    const { router } = await open('/sign-in?code=dawn&to=/refused')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/refused'))
    expect(asked).toEqual([{ path: expect.stringMatching(/\/api\/v1\/session$/), body: { code: 'dawn' } }])
    expect(session.value?.tenant).toBe('platform')
  })

  it('says what to do about a code that is not good', async () => {
    const { page } = await open('/sign-in')
    await page.get('[data-testid=sign-in-other]').trigger('click')
    await page.get('[data-testid=sign-in-code]').setValue(' dusk ')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(asked.map((one) => one.body)).toEqual([{ code: 'dusk' }, { token: 'dusk' }])
    expect(page.get('[data-testid=sign-in-failure]').text()).toContain('ask for a new one')
  })

  it('never leaves for another site', async () => {
    const { router } = await open('/sign-in?code=dawn&to=https://evil.example')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/fleet'))
  })

  it('by name and password', async () => {
    const { page, router } = await open('/sign-in?to=/audit')
    await page.get('[data-testid=sign-in-name]').setValue(' anna ')
    await page.get('[data-testid=sign-in-password]').setValue('seven brown foxes')
    await page.get('form').trigger('submit')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/audit'))
    expect(asked.map((one) => one.body)).toEqual([{ name: 'anna', password: 'seven brown foxes' }])
  })

  it('by an invitation leads to choosing a password', async () => {
    const { router } = await open('/sign-in?code=invited')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/account'))
  })

  it('tells of a wrong name or password alike', async () => {
    const { page } = await open('/sign-in')
    await page.get('[data-testid=sign-in-name]').setValue('nobody')
    await page.get('[data-testid=sign-in-password]').setValue('x')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(page.get('[data-testid=sign-in-failure]').text()).toBe('The name or the password is wrong.')
  })

  it('shows the provider, and what its way back has told', async () => {
    const { page } = await open('/sign-in?refused=DEPENDENCY_UNAVAILABLE')
    expect(page.get('[data-testid=sign-in-oidc]').text()).toBe('Sign in with Example')
    expect(page.get('[data-testid=sign-in-oidc]').attributes('href')).toMatch(/\/api\/v1\/session\/oidc\/start$/)
    expect(page.get('[data-testid=sign-in-failure]').text()).toBe('The sign-in provider does not answer.')
  })
})
