// One event as one line.
import type { Event } from '@/api/types'

const WORDS: Record<string, string> = {
  'device.imported': 'Imported',
  'device.claimed': 'Claimed',
  'device.bootstrap-started': 'Bootstrap started',
  'device.bootstrapped': 'Bootstrapped: it acknowledged Finish',
  'device.bootstrap-failed': 'Bootstrap failed',
  'device.refused': 'Refused',
  'device.key-changed': 'Somebody came with another key than its own',
  'device.waiting': 'Called, not done yet',
  'device.registered': 'Registered',
  'device.deregistered': 'De-registered',
  'device.lost': 'Lifetime ended without an Update',
  'device.configured': 'Configuration complete',
  'device.drifted': 'Configuration drifted',
  'device.values-changed': 'Values told',
  'device.released': 'Given up by its owner',
  'device.tagged': 'Given other tags',
  'device.revoked': 'Revoked',
  'device.restored': 'Revocation taken back',
  'certificate.renewal-asked': 'To get another certificate',
  'certificate.renewal-refused': 'Refused to bootstrap for another certificate',
  'certificate.issued': 'Operational certificate issued',
  'operational-certificate.revoked': 'Operational certificate revoked',
  'certificate.revoked': 'Factory certificate revoked',
  'device.retired': 'Retired',
  'record.set-aside': 'A record of it cannot be read, and was set aside',
  'subscription.imported': 'Sealed subscription imported',
  'subscription.expired': 'Sealed subscription expired, never delivered',
  'subscription.installed': 'Subscription installed: receipt verified',
}

export function eventWords(event: Event): string {
  const { reason, name, ms, ok } = event.details
  if (event.type === 'journey.step' && name) {
    return `Step ${name}: ${ok === 'false' ? 'failed' : 'done'}${ms ? `, ${ms} ms` : ''}${reason ? `, ${reason}` : ''}`
  }
  return [WORDS[event.type] ?? event.type, reason].filter(Boolean).join(': ')
}
