// Keeps what the screens show in step with the event stream: changed devices are fetched, a few at
// a time, and put where they are shown.
import type { InfiniteData, QueryClient } from '@tanstack/vue-query'
import { reactive } from 'vue'
import { Problem } from '@/api/client'
import { fetchDevice, keys } from '@/api/queries'
import type { DeviceSummary, Page } from '@/api/types'
import { matches } from '@/fleet/filter'
import { merge } from '@/fleet/merge'
import { onFleetEvent, onOpened } from './stream'

const GATHER_MS = 300
/** More changed devices at once than this, and the lists are asked for again as a whole. */
const ONE_BY_ONE = 24
const HIGHLIGHT_MS = 6000

/** Endpoint names of rows that came while the reader was looking. */
export const arrived = reactive(new Set<string>())

export function keepInStep(client: QueryClient): void {
  const changed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    const names = [...changed]
    changed.clear()
    for (const name of names) void client.invalidateQueries({ queryKey: keys.device(name) })
    if (names.length > ONE_BY_ONE) {
      void client.invalidateQueries({ queryKey: keys.devices })
      return
    }
    for (const name of names) {
      fetchDevice(name).then(
        (device) => show(client, device),
        (failure) => {
          // not ours to see, or gone: nothing to show; anything else is caught up at the next event
          if (Problem.of(failure).status !== 404) void client.invalidateQueries({ queryKey: keys.devices })
        },
      )
    }
  }

  onFleetEvent((event) => {
    if (event.type.startsWith('handshake.') || event.type === 'device.refused') {
      void client.invalidateQueries({ queryKey: keys.handshakeFailures })
    }
    if (!event.endpointName) return
    changed.add(event.endpointName)
    timer ??= setTimeout(flush, GATHER_MS)
  })
  // what happened before the stream was open, or while it was lost, is asked for
  onOpened(() => void client.invalidateQueries())
}

function show(client: QueryClient, device: DeviceSummary): void {
  const lists = client.getQueriesData<InfiniteData<Page<DeviceSummary>>>({ queryKey: keys.devices })
  for (const [key, list] of lists) {
    if (!list) continue
    const merged = merge(list.pages, device, matches(device, String(key[1] ?? '')))
    client.setQueryData(key, { ...list, pages: merged.pages })
    if (merged.arrived) highlight(device.endpointName)
  }
}

function highlight(endpointName: string): void {
  arrived.add(endpointName)
  setTimeout(() => arrived.delete(endpointName), HIGHLIGHT_MS)
}
