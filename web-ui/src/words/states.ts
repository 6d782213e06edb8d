// What each state is called, how it looks, and what it does and does not promise.
import type { ConfigurationCounts, DeviceState, DeviceSummary, SubscriptionState, SubscriptionSummary } from '@/api/types'
import { ago } from './time'

export type Tone = 'idle' | 'busy' | 'good' | 'warn' | 'bad'

/** `rise`: how much of the sun is up, 0 to 1; null when the device is off its way. */
export interface StateWords {
  label: string
  tone: Tone
  rise: number | null
  hint: string
}

export const DEVICE_STATES: Record<DeviceState, StateWords> = {
  EXPECTED: {
    label: 'Expected',
    tone: 'idle',
    rise: 0,
    hint: 'On a shipment list; nobody has claimed it.',
  },
  CLAIMED: {
    label: 'Claimed',
    tone: 'busy',
    rise: 0.3,
    hint: 'Has an owner; has not bootstrapped yet.',
  },
  BOOTSTRAPPED: {
    label: 'Bootstrapped',
    tone: 'busy',
    rise: 0.5,
    hint: 'Holds what it needs to register; has not registered yet.',
  },
  REGISTERED: {
    label: 'Registered',
    tone: 'busy',
    rise: 0.72,
    hint: 'Registered with the operator’s account; its configuration is not complete, or it has none.',
  },
  CONFIGURED: {
    label: 'Configured',
    tone: 'good',
    rise: 1,
    hint: 'Registered, and holds its desired configuration.',
  },
  LOST: {
    label: 'Lost',
    tone: 'bad',
    rise: null,
    hint: 'Its lifetime ended without an Update.',
  },
  RETIRED: { label: 'Retired', tone: 'idle', rise: null, hint: 'Out of service for good.' },
}

const NOT_SHOWN: StateWords = {
  label: 'Shipped',
  tone: 'idle',
  rise: null,
  hint: 'What became of it after the sale is not its maker’s to see.',
}

/** A manufacturer is not told the state. */
export function stateWords(state: DeviceState | undefined): StateWords {
  return state ? DEVICE_STATES[state] : NOT_SHOWN
}

export const STATE_ORDER = Object.keys(DEVICE_STATES) as DeviceState[]

export const SUBSCRIPTION_STATES: Record<SubscriptionState, { label: string; tone: Tone; hint: string }> = {
  IMPORTED: { label: 'Imported', tone: 'idle', hint: 'The sealed package is in custody; no device has it yet.' },
  ASSIGNED: { label: 'Assigned', tone: 'idle', hint: 'Meant for this device; not handed over yet.' },
  INSTALL_PENDING: {
    label: 'Waiting for receipt',
    tone: 'busy',
    hint: 'The device acknowledged the sealed package. Whether its eUICC installed it is not known until its signed receipt is in.',
  },
  INSTALLED: {
    label: 'Installed',
    tone: 'good',
    hint: 'On the eUICC; that it is enabled is not known.',
  },
  ENABLED: {
    label: 'Enabled',
    tone: 'good',
    hint: 'Installed and enabled on the eUICC.',
  },
  FAILED: { label: 'Failed', tone: 'bad', hint: 'The eUICC refused the package.' },
  EXPIRED: { label: 'Expired', tone: 'warn', hint: 'The package’s last day passed before it was installed.' },
}

/** One or two sentences: where the device stands, and what it waits for. */
export function explain(device: DeviceSummary, now: number): string {
  if (device.revoked) {
    return 'Revoked: it is refused at every handshake and at every request until the revocation is taken back.'
  }
  const told = device.waiting ? ` It called; not done yet: ${device.waiting}.` : ''
  const heard = device.registration ? ` Last heard of ${ago(device.registration.lastContact, now)}.` : ''
  switch (device.state) {
    case 'EXPECTED':
      return `Waiting for its owner: it gets nothing until somebody claims it with the code from its box.${told}`
    case 'CLAIMED':
      return `It belongs to ${device.owner ?? 'an owner'} and has not bootstrapped yet: it will once it is switched on and reaches the bootstrap server.${told}`
    case 'BOOTSTRAPPED':
      return 'It holds what it needs to register. Waiting for its first Register at the DM server.'
    case 'REGISTERED':
      return configured(device) + heard
    case 'CONFIGURED':
      return `It is registered and holds its desired configuration.${heard}`
    case 'LOST':
      return `Its lifetime ended without an Update: it may be off, out of coverage or asleep. It comes back by itself at its next Register.${heard}`
    case 'RETIRED':
      return 'Out of service for good. It is refused if it calls.'
    case undefined:
      return NOT_SHOWN.hint
  }
}

function configured(device: DeviceSummary): string {
  const status = device.configuration
  if (!status || total(status) === 0) {
    return 'It is registered with the operator’s account. No configuration has been applied to it.'
  }
  const held = status.inStep + status.written
  return `It is registered; ${held} of ${total(status)} configured paths are as desired.`
}

export function total(counts: ConfigurationCounts): number {
  return counts.inStep + counts.written + counts.drifted + counts.rejected + counts.unreachable
}

/** The configuration column: what is wrong first, and "in step" only when all of it is. */
export function configurationWords(counts: ConfigurationCounts | undefined): { label: string; tone: Tone } {
  if (!counts || total(counts) === 0) return { label: 'None', tone: 'idle' }
  if (counts.rejected > 0) return { label: `${counts.rejected} refused`, tone: 'bad' }
  if (counts.drifted > 0) return { label: `${counts.drifted} drifted`, tone: 'warn' }
  if (counts.unreachable > 0) return { label: `${counts.unreachable} not reached`, tone: 'warn' }
  return { label: 'In step', tone: 'good' }
}

/** The subscription column. Whoever may only know that there is one reads just that. */
export function subscriptionWords(summary: SubscriptionSummary | undefined): {
  label: string
  tone: Tone
  hint?: string
} {
  if (!summary?.present) return { label: 'None', tone: 'idle' }
  return summary.state
    ? SUBSCRIPTION_STATES[summary.state]
    : { label: 'Present', tone: 'idle', hint: 'There is one; its state is its operator’s to see.' }
}
