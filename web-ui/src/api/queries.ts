// What the screens read, each under one cache key, so that an event refreshes it by name.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { Problem, apiUrl, call } from './client'
import type {
  AuditEntry,
  BootstrapSession,
  Certificate,
  Device,
  DeviceCounts,
  DeviceSummary,
  DriftReport,
  DryRun,
  HandshakeFailure,
  ImportResult,
  Manufacturer,
  ObjectModel,
  OnboardingPlan,
  Operation,
  OperationResult,
  Page,
  PlanComparison,
  PlanTrial,
  PlanVersion,
  Registration,
  Resource,
  OcspResponder,
  RevocationList,
  SetAside,
  Shipment,
  Step,
  Subscription,
  Transfer,
} from './types'

export const PAGE_SIZE = 500

export const keys = {
  audit: (wanted: Record<string, string>) => ['audit', wanted] as const,
  devices: ['devices'] as const,
  deviceList: (filter: string, sort: string) => ['devices', filter, sort] as const,
  deviceCounts: ['device-counts'] as const,
  device: (endpointName: string) => ['device', endpointName] as const,
  part: (endpointName: string, part: string) => ['device', endpointName, part] as const,
  handshakeFailures: ['handshake-failures'] as const,
  setAside: ['set-aside'] as const,
  certificates: ['certificates'] as const,
  manufacturers: ['manufacturers'] as const,
  revocationLists: (manufacturer: string) => ['revocation-lists', manufacturer] as const,
  ocspResponders: (manufacturer: string) => ['ocsp-responders', manufacturer] as const,
  shipments: ['shipments'] as const,
  plans: ['plans'] as const,
  subscription: (packageId: string) => ['subscription', packageId] as const,
}

export function usePlans() {
  return useInfiniteQuery({
    queryKey: keys.plans,
    queryFn: ({ pageParam, signal }) => call<Page<OnboardingPlan>>('onboarding-plans', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
}

const planPath = (id: string, part = '') => `onboarding-plans/${encodeURIComponent(id)}${part && `/${part}`}`

export function usePlan(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => [...keys.plans, id.value]),
    queryFn: ({ signal }) => call<OnboardingPlan>(planPath(id.value), { signal }),
  })
}

export function usePlanVersions(id: Ref<string>, current: Ref<number>) {
  return useQuery({
    queryKey: computed(() => [...keys.plans, id.value, 'versions', current.value]),
    queryFn: ({ signal }) => call<Page<PlanVersion>>(planPath(id.value, 'versions'), { signal }),
  })
}

export function usePlanComparison(id: Ref<string>, from: Ref<number>, to: Ref<number>) {
  return useQuery({
    queryKey: computed(() => [...keys.plans, id.value, 'comparison', from.value, to.value]),
    queryFn: ({ signal }) => call<PlanComparison>(planPath(id.value, 'comparison'), { query: { from: from.value, to: to.value }, signal }),
    enabled: computed(() => from.value !== to.value),
  })
}

export function putPlan(id: string, plan: OnboardingPlan, version?: number): Promise<OnboardingPlan> {
  return call<OnboardingPlan>(planPath(id), { method: 'PUT', body: plan, ifMatch: version === undefined ? undefined : `"${version}"` })
}

export function deletePlan(id: string, version?: number): Promise<void> {
  return call(planPath(id), { method: 'DELETE', ifMatch: version === undefined ? undefined : `"${version}"` })
}

/** Saves an earlier version of a plan anew. */
export function restorePlan(id: string, version: number, current: number): Promise<OnboardingPlan> {
  return call<OnboardingPlan>(planPath(id, `versions/${version}/restoration`), { method: 'POST', ifMatch: `"${current}"` })
}

/** What a device would be written if it came now, and why. */
export function tryPlan(trial: PlanTrial): Promise<DryRun> {
  return call<DryRun>('onboarding-plan-trials', { method: 'POST', body: trial })
}

export function devicePath(endpointName: string, part = ''): string {
  return `devices/${encodeURIComponent(endpointName)}${part && `/${part}`}`
}

export function fetchDevice(endpointName: string): Promise<Device> {
  return call<Device>(devicePath(endpointName))
}

export function useDevices(filter: Ref<string>, sort: Ref<string>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.deviceList(filter.value, sort.value)),
    queryFn: ({ pageParam, signal }) =>
      call<Page<DeviceSummary>>('devices', {
        query: { limit: PAGE_SIZE, cursor: pageParam, filter: filter.value, sort: sort.value },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** How many devices there are in each state; null for who may not know. */
export function useDeviceCounts(filter: Ref<string>) {
  return useQuery({
    queryKey: computed(() => [...keys.deviceCounts, filter.value]),
    queryFn: ({ signal }) =>
      call<DeviceCounts>('device-counts', { query: { filter: filter.value }, signal }).catch(nullIfHidden),
    placeholderData: keepPreviousData,
  })
}

export function useDevice(endpointName: Ref<string>) {
  return useQuery({
    queryKey: computed(() => keys.device(endpointName.value)),
    queryFn: () => fetchDevice(endpointName.value),
  })
}

/** Something below a device; null for who may not see it. */
function usePart<T>(endpointName: Ref<string>, part: string) {
  return useQuery({
    queryKey: computed(() => keys.part(endpointName.value, part)),
    queryFn: ({ signal }) =>
      call<T>(devicePath(endpointName.value, part), { signal }).catch(nullIfHidden),
  })
}

export const useJourney = (name: Ref<string>) => usePart<{ steps: Step[] }>(name, 'journey')
export const useSessions = (name: Ref<string>) => usePart<Page<BootstrapSession>>(name, 'sessions')
export const useRegistrations = (name: Ref<string>) => usePart<Page<Registration>>(name, 'registrations')
export const useResources = (name: Ref<string>) => usePart<Page<Resource>>(name, 'resources')
export const useDeviceCertificates = (name: Ref<string>) => usePart<Page<Certificate>>(name, 'certificates')
export const useConfiguration = (name: Ref<string>) => usePart<DriftReport>(name, 'configuration')

/** One package in custody; null for who may only know that there is one. */
export function useSubscription(packageId: Ref<string | undefined>) {
  return useQuery({
    queryKey: computed(() => keys.subscription(packageId.value ?? '')),
    queryFn: ({ signal }) =>
      call<Subscription>(`subscriptions/${packageId.value}`, { signal }).catch(nullIfHidden),
    enabled: computed(() => packageId.value !== undefined),
  })
}

function nullIfHidden(failure: unknown): null {
  if ([403, 404].includes(Problem.of(failure).status)) return null
  throw failure
}

const WATCHED_EVERY_MS = 1000

/** Shipment lists; looked at again while one is on its way. */
export function useShipments() {
  return useQuery({
    queryKey: keys.shipments,
    queryFn: ({ signal }) => call<Page<Shipment>>('shipments', { signal }),
    refetchInterval: (query) =>
      query.state.data?.items.some((one) => one.state === 'VERIFYING' || one.state === 'APPLYING') ? WATCHED_EVERY_MS : false,
  })
}

export function shipmentReport(id: string): string {
  return apiUrl(`shipments/${id}/report`).toString()
}

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

/** Certificates in use that are due for renewal. */
export function useDueCertificates() {
  return useInfiniteQuery({
    queryKey: keys.certificates,
    queryFn: ({ pageParam, signal }) =>
      call<Page<Certificate>>('certificates', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
}

/** Has the device get another certificate: told now, or when it is awake. */
export function renewCertificate(endpointName: string): Promise<void> {
  return call(devicePath(endpointName, 'renewal'), { method: 'POST' })
}

/** Takes one certificate back, for good. */
export function revokeCertificate(endpointName: string, serialNumber: string, reason: Certificate['reason']): Promise<Certificate> {
  return call<Certificate>(devicePath(endpointName, `certificates/${encodeURIComponent(serialNumber)}/revocation`), {
    method: 'PUT',
    body: { reason },
  })
}

/** Records that could not be read. */
export function useSetAside(enabled: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: keys.setAside,
    queryFn: ({ pageParam, signal }) =>
      call<Page<SetAside>>('set-aside', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled,
  })
}

/** Lets a record that could not be read go, for good. */
export function discardSetAside(noteId: string): Promise<void> {
  return call<void>(`set-aside/${encodeURIComponent(noteId)}`, { method: 'DELETE' })
}

/** Who did what, of the time and target that is wanted. */
export function useAudit(wanted: Ref<Record<string, string>>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.audit(wanted.value)),
    queryFn: ({ pageParam, signal }) =>
      call<Page<AuditEntry>>('audit', { query: { limit: 100, cursor: pageParam, ...wanted.value }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
}

/** Where the same is as one file. */
export function auditExport(wanted: Record<string, string>): string {
  const url = apiUrl('audit/export')
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value)
  return url.href
}

/** Manufacturers and their CAs. */
export function useManufacturers(enabled: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: keys.manufacturers,
    queryFn: ({ pageParam, signal }) =>
      call<Page<Manufacturer>>('manufacturers', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled,
  })
}

/** How it stands with the revocation lists of a manufacturer's CAs. */
export function useRevocationLists(manufacturer: Ref<string>) {
  return useQuery({
    queryKey: computed(() => keys.revocationLists(manufacturer.value)),
    queryFn: ({ signal }) =>
      call<Page<RevocationList>>(`manufacturers/${encodeURIComponent(manufacturer.value)}/revocation-lists`, { signal }),
  })
}

/** How it stands with the OCSP responders of a manufacturer's CAs. */
export function useOcspResponders(manufacturer: Ref<string>) {
  return useQuery({
    queryKey: computed(() => keys.ocspResponders(manufacturer.value)),
    queryFn: ({ signal }) =>
      call<Page<OcspResponder>>(`manufacturers/${encodeURIComponent(manufacturer.value)}/ocsp-responders`, { signal }),
  })
}

/** Makes one, or changes the version that was read. */
export function putManufacturer(manufacturer: Manufacturer): Promise<Manufacturer> {
  const { id, version, authorities, ...body } = manufacturer
  return call<Manufacturer>(`manufacturers/${encodeURIComponent(id ?? '')}`, {
    method: 'PUT',
    body,
    ifMatch: version === undefined ? undefined : `"${version}"`,
  })
}

/** Shows that the manufacturer holds the key of a CA, by what the CA signed. */
export function proveAuthority(manufacturer: string, certificate: string): Promise<Manufacturer> {
  return call<Manufacturer>(`manufacturers/${encodeURIComponent(manufacturer)}/proofs`, {
    method: 'POST',
    body: { certificate },
  })
}

/** Does one thing on the device, now. */
export function operate(endpointName: string, operation: Operation): Promise<OperationResult> {
  return call<OperationResult>(devicePath(endpointName, 'operations'), { method: 'POST', body: operation })
}

/** Takes the device into the caller's tenant, or the named one, by the code from its box. */
export function claimDevice(code: string, preferredPlmns: string[], tenant?: string): Promise<{ endpointName: string }> {
  return call<{ endpointName: string }>('claims', {
    method: 'POST',
    body: { code, ...(preferredPlmns.length && { preferredPlmns }), ...(tenant && { tenant }) },
  })
}

/** The same for a list, a claim a line. */
export function claimFleet(list: Blob, tenant?: string): Promise<ImportResult> {
  return call<ImportResult>('claims', {
    method: 'POST',
    bytes: list,
    bytesType: 'application/x-ndjson',
    query: { tenant },
  })
}

/** Gives the version that was read up, for a new code. */
export function releaseDevice(endpointName: string, version: number): Promise<{ claimCode: string }> {
  return call<{ claimCode: string }>(`claims/${encodeURIComponent(endpointName)}`, {
    method: 'DELETE',
    ifMatch: `"${version}"`,
  })
}

/** Hands the version that was read over to a tenant: at once, or by a code that only it can use. */
export function transferDevice(endpointName: string, version: number, tenant: string): Promise<Transfer> {
  return call<Transfer>(devicePath(endpointName, 'transfer'), {
    method: 'POST',
    body: { tenant },
    ifMatch: `"${version}"`,
  })
}
