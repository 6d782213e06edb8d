// The one live stream of the console: its state, and who wants to hear what comes.
import { ref, shallowRef } from 'vue'
import { apiUrl } from '@/api/client'
import type { Event as FleetEvent } from '@/api/types'
import { follow, type ServerEvent } from './sse'

const KEPT = 200

export type StreamState = 'off' | 'connecting' | 'live' | 'lost'

export const streamState = ref<StreamState>('off')
/** Since when the stream is lost; null while it is not. */
export const lostSince = ref<number | null>(null)
/** True for a few seconds after the stream came back. */
export const justResumed = ref(false)
/** The newest events, newest first; enough for a glance, not a log. */
export const recent = shallowRef<FleetEvent[]>([])

type Listener = (event: FleetEvent) => void
const listeners = new Set<Listener>()
const openListeners = new Set<() => void>()
let stop: (() => void) | undefined

/** Calls `listener` for each event until the returned function is called. */
export function onFleetEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Calls `listener` each time the stream opens: what came before may not all be replayed. */
export function onOpened(listener: () => void): () => void {
  openListeners.add(listener)
  return () => openListeners.delete(listener)
}

export function startStream(onRefused: () => void): void {
  stopStream()
  streamState.value = 'connecting'
  stop = follow({
    url: () => {
      const url = apiUrl('events')
      url.searchParams.set('newest', String(KEPT))
      return url
    },
    onOpen: (resumed) => {
      streamState.value = 'live'
      lostSince.value = null
      openListeners.forEach((listener) => listener())
      if (!resumed) return
      justResumed.value = true
      setTimeout(() => (justResumed.value = false), 6000)
    },
    onLost: () => {
      streamState.value = 'lost'
      lostSince.value ??= Date.now()
    },
    onRefused,
    onEvent: receive,
  })
}

export function stopStream(): void {
  stop?.()
  stop = undefined
  streamState.value = 'off'
  lostSince.value = null
  justResumed.value = false
  recent.value = []
}

/** An event of a type that we do not know is still an event; one that is not JSON is not. */
function receive(event: ServerEvent): void {
  const parsed = parse(event)
  if (!parsed) return
  recent.value = [parsed, ...recent.value].slice(0, KEPT)
  listeners.forEach((listener) => listener(parsed))
}

function parse(event: ServerEvent): FleetEvent | undefined {
  try {
    const body = JSON.parse(event.data) as Partial<FleetEvent>
    const type = body.type ?? event.type
    if (type === 'message') return undefined
    return { at: body.at ?? new Date().toISOString(), ...body, type, details: body.details ?? {} }
  } catch {
    return undefined
  }
}
