import { QueryClient } from '@tanstack/vue-query'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { keys } from '@/api/queries'
import type { DeviceSummary, Page } from '@/api/types'
import { arrived, keepInStep } from '@/live/fleet'
import { startStream, stopStream, streamState } from '@/live/stream'

const device = (endpointName: string, state: DeviceSummary['state']): DeviceSummary => ({
  endpointName,
  manufacturer: 'acme',
  model: 'm',
  serialNumber: '1',
  state,
  stateSince: '2026-11-23T19:00:00Z',
  revoked: false,
})

describe('a page that is looked at', () => {
  afterEach(() => {
    stopStream()
    vi.unstubAllGlobals()
  })

  it('shows a device as it arrives and goes on, without a reload', async () => {
    let say: (event: object) => void = () => {}
    let now = device('b', 'EXPECTED')
    vi.stubGlobal('fetch', (url: URL) => {
      if (!new URL(url).pathname.endsWith('/events')) return Promise.resolve(Response.json(now))
      const body = new ReadableStream({
        start: (controller) => {
          say = (event) => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`))
        },
      })
      return Promise.resolve(new Response(body))
    })
    const client = new QueryClient()
    const pages = (filter: string) =>
      client.getQueryData<{ pages: Page<DeviceSummary>[] }>(keys.deviceList(filter, 'endpointName'))!.pages.flatMap((page) => page.items)
    for (const filter of ['', 'state:LOST']) {
      client.setQueryData(keys.deviceList(filter, 'endpointName'), { pages: [{ items: [] }], pageParams: [''] })
    }
    keepInStep(client)
    startStream(() => {})
    await vi.waitFor(() => expect(streamState.value).toBe('live'))

    say({ type: 'device.imported', endpointName: 'b', at: '', details: {} })
    await vi.waitFor(() => expect(pages('').map((one) => one.state)).toEqual(['EXPECTED']))
    expect(arrived.has('b')).toBe(true)

    now = device('b', 'LOST')
    say({ type: 'device.lost', endpointName: 'b', at: '', details: {} })
    await vi.waitFor(() => expect(pages('').map((one) => one.state)).toEqual(['LOST']))
    expect(pages('state:LOST')).toHaveLength(1)
  })
})
