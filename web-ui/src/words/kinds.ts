// What kind of record it is, by its word in the state.
const KINDS: Record<string, string> = {
  dev: 'Device',
  jrn: 'Journey of a device',
  ses: 'Bootstrap session',
  sub: 'Sealed subscription',
  psk: 'Pre-shared key',
  crt: 'Operational certificate',
  cst: 'Configuration status',
  wsc: 'Where a device has secrets',
  obs: 'What is observed',
  opq: 'Waiting requests',
  pln: 'Onboarding plan',
  man: 'Manufacturer',
  ten: 'Tenant',
  tok: 'API token',
  cfg: 'Configuration',
  ddf: 'Object definition',
  eid: 'EID of a device',
  ccd: 'Claim code of a device',
  pkg: 'Place of a sealed subscription',
  aud: 'Audit entry',
}

export function kindWords(kind: string): string {
  return KINDS[kind] ?? `Record of kind ${kind}`
}
