// What the screens read, each under one cache key, so that an event refreshes it by name.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { Problem, call } from './client'
import type {
  BootstrapSession,
  Device,
  DeviceState,
  DeviceSummary,
  DriftReport,
  HandshakeFailure,
  ObjectModel,
  Operation,
  OperationResult,
  Page,
  Registration,
  Resource,
  Step,
} from './types'

export const PAGE_SIZE = 200

export const keys = {
  devices: ['devices'] as const,
  deviceList: (filter: string) => ['devices', filter] as const,
  counts: ['device-counts'] as const,
  device: (endpointName: string) => ['device', endpointName] as const,
  part: (endpointName: string, part: string) => ['device', endpointName, part] as const,
  handshakeFailures: ['handshake-failures'] as const,
  objectModel: (objectId: number) => ['object-model', objectId] as const,
}

export function devicePath(endpointName: string, part = ''): string {
  return `devices/${encodeURIComponent(endpointName)}${part && `/${part}`}`
}

export function fetchDevice(endpointName: string): Promise<Device> {
  return call<Device>(devicePath(endpointName))
}

export function useDevices(filter: Ref<string>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.deviceList(filter.value)),
    queryFn: ({ pageParam, signal }) =>
      call<Page<DeviceSummary>>('devices', {
        query: { limit: PAGE_SIZE, cursor: pageParam, filter: filter.value },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** How many devices there are in each state. */
export type Counts = Partial<Record<DeviceState, number>>

/** Null where the server does not count: the chips then show no numbers. */
export function useCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) =>
      call<{ states: Counts }>('device-counts', { signal }).then(
        (answer) => answer.states,
        (failure) => {
          if (Problem.of(failure).status === 404) return null
          throw failure
        },
      ),
  })
}

export function useDevice(endpointName: Ref<string>) {
  return useQuery({
    queryKey: computed(() => keys.device(endpointName.value)),
    queryFn: () => fetchDevice(endpointName.value),
  })
}

/** A list below a device. A part that the caller may not see (403, 404) is null, not an error. */
function usePart<T>(endpointName: Ref<string>, part: string) {
  return useQuery({
    queryKey: computed(() => keys.part(endpointName.value, part)),
    queryFn: ({ signal }) =>
      call<T>(devicePath(endpointName.value, part), { signal }).catch((failure) => {
        if (Problem.of(failure).status === 403) return null
        throw failure
      }),
  })
}

export const useJourney = (name: Ref<string>) => usePart<{ steps: Step[] }>(name, 'journey')
export const useSessions = (name: Ref<string>) => usePart<Page<BootstrapSession>>(name, 'sessions')
export const useRegistrations = (name: Ref<string>) => usePart<Page<Registration>>(name, 'registrations')
export const useResources = (name: Ref<string>) => usePart<Page<Resource>>(name, 'resources')
export const useConfiguration = (name: Ref<string>) => usePart<DriftReport>(name, 'configuration')

/** An object's definition; it never changes while the page is open. */
export function fetchObjectModel(objectId: number): Promise<ObjectModel> {
  return call<ObjectModel>(`object-models/${objectId}`)
}

export function useHandshakeFailures(enabled: Ref<boolean>) {
  return useQuery({
    queryKey: keys.handshakeFailures,
    queryFn: ({ signal }) =>
      call<Page<HandshakeFailure>>('handshake-failures', { query: { limit: 200 }, signal }),
    enabled,
  })
}

/** Does one thing on the device, now. */
export function operate(endpointName: string, operation: Operation): Promise<OperationResult> {
  return call<OperationResult>(devicePath(endpointName, 'operations'), { method: 'POST', body: operation })
}
