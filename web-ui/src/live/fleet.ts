// Keeps what the screens show in step with the event stream: changed devices are fetched, a few at
// a time, and put where they are shown.
import type { InfiniteData, QueryClient } from '@tanstack/vue-query'
import { reactive } from 'vue'
import { Problem } from '@/api/client'
import { fetchDevice, keys } from '@/api/queries'
import type { DeviceSummary, Page } from '@/api/types'
import { BY_NAME, matches } from '@/fleet/filter'
import { merge } from '@/fleet/merge'
import { onFleetEvent, onOpened } from './stream'

const GATHER_MS = 300
/** Devices asked for in one go; the rest waits for the next. */
const AT_ONCE = 12
/** With more changed devices than this, the lists are asked for again as a whole. */
const ONE_BY_ONE = 300
const LISTS_EVERY_MS = 5000
const COUNTS_EVERY_MS = 1000
const HIGHLIGHT_MS = 6000

/** They say nothing that a row of the fleet shows. */
const BESIDE_THE_ROW = new Set(['device.values-changed', 'journey.step'])

/** Endpoint names of rows that came while the reader was looking. */
export const arrived = reactive(new Set<string>())

export function keepInStep(client: QueryClient): void {
  const changed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refreshLists = atMostEvery(LISTS_EVERY_MS, () => void client.invalidateQueries({ queryKey: keys.devices }))
  const refreshCounts = atMostEvery(COUNTS_EVERY_MS, () => void client.invalidateQueries({ queryKey: keys.deviceCounts }))

  function flush(): void {
    timer = undefined
    if (changed.size > ONE_BY_ONE) {
      changed.clear()
      refreshLists()
      return
    }
    for (const name of [...changed].slice(0, AT_ONCE)) {
      changed.delete(name)
      fetchDevice(name).then(
        (device) => {
          // a list on its way may have been made before this change
          if (client.isFetching({ queryKey: keys.devices }) > 0) refreshLists()
          if (!show(client, device)) refreshLists()
        },
        (failure) => {
          // 404: not ours to see, or gone; anything else is made good by the lists
          if (Problem.of(failure).status !== 404) refreshLists()
        },
      )
    }
    if (changed.size > 0) timer = setTimeout(flush, GATHER_MS)
  }

  onFleetEvent((event) => {
    if (event.type.startsWith('handshake.')) {
      void client.invalidateQueries({ queryKey: keys.handshakeFailures })
    }
    if (event.type === 'onboarding-plan.changed') void client.invalidateQueries({ queryKey: keys.plans })
    if (event.type === 'manufacturer.changed') void client.invalidateQueries({ queryKey: keys.manufacturers })
    if (event.type === 'revocation-list.changed' || event.type === 'manufacturer.changed') {
      const queryKey = keys.revocationLists(event.details.id ?? '')
      // a first answer that is on its way may be older than the event, and would stay
      void client.cancelQueries({ queryKey }).then(() => client.invalidateQueries({ queryKey }))
    }
    if (event.type === 'ocsp-responder.changed' || event.type === 'manufacturer.changed') {
      void client.invalidateQueries({ queryKey: keys.ocspResponders(event.details.id ?? '') })
    }
    if (event.type.includes('certificate.')) void client.invalidateQueries({ queryKey: keys.certificates })
    if (event.type === 'record.set-aside') void client.invalidateQueries({ queryKey: keys.setAside })
    if (!event.endpointName) return
    // asked for again only where it is being looked at
    void client.invalidateQueries({ queryKey: keys.device(event.endpointName) })
    if (BESIDE_THE_ROW.has(event.type)) return
    refreshCounts()
    changed.add(event.endpointName)
    timer ??= setTimeout(flush, GATHER_MS)
  })
  // what happened before the stream was open, or while it was lost, is asked for
  onOpened(() => void client.invalidateQueries())
}

/** Runs `act` now, or at the end of the pause after its last run. */
function atMostEvery(ms: number, act: () => void): () => void {
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    timer ??= setTimeout(
      () => {
        timer = undefined
        last = performance.now()
        act()
      },
      Math.max(0, last + ms - performance.now()),
    )
  }
}

/** False if a list is in an order in which the row's new place is not known here. */
function show(client: QueryClient, device: DeviceSummary): boolean {
  let placed = true
  const lists = client.getQueriesData<InfiniteData<Page<DeviceSummary>>>({ queryKey: keys.devices })
  for (const [key, list] of lists) {
    if (!list) continue
    if (key[2] !== BY_NAME) {
      placed = false
      continue
    }
    const merged = merge(list.pages, device, matches(device, String(key[1] ?? '')))
    client.setQueryData(key, { ...list, pages: merged.pages })
    if (merged.arrived) highlight(device.endpointName)
  }
  return placed
}

function highlight(endpointName: string): void {
  arrived.add(endpointName)
  setTimeout(() => arrived.delete(endpointName), HIGHLIGHT_MS)
}
