// The journey's steps in order, with the words and details that the timeline shows.
import type { DeviceSummary, Step } from '@/api/types'

interface StepWords {
  title: string
  does: string
}

const STEPS: Record<string, StepWords> = {
  handshake: { title: 'Handshake', does: 'DTLS with the factory certificate: chain, identity rule, revocation.' },
  admission: { title: 'Admission', does: 'Does this identity own the endpoint name, is it claimed, may it bootstrap now?' },
  plan: { title: 'Plan', does: 'What will be written is composed and checked as a whole, before anything is sent.' },
  enrolment: { title: 'Enrolment', does: 'It gets the credential for its daily work.' },
  bootstrap: { title: 'Bootstrap', does: 'Delete, write each item, Finish: every required write acknowledged.' },
  subscription: { title: 'Subscription', does: 'The sealed package goes to the eUICC, which answers with a signed receipt.' },
  attach: { title: 'Attach', does: 'Authentication towards the network with the new subscription.' },
  register: { title: 'Register', does: 'It registers at the DM server, with its operational credential.' },
  configuration: { title: 'Configuration', does: 'The desired configuration is compared and applied, path by path.' },
}

/** Steps that every journey has; `attach` shows only when it was reported. */
const EXPECTED = ['handshake', 'admission', 'plan', 'enrolment', 'bootstrap', 'subscription', 'register', 'configuration']

export type StepStatus = 'ok' | 'failed' | 'pending' | 'absent'

export interface TimelineStep {
  name: string
  title: string
  does: string
  status: StepStatus
  step?: Step
}

/**
 * Reported steps in the order they happened, with those still to come between and behind them. A
 * step that was passed over (a later one is there) is "absent", not pending.
 */
export function timeline(steps: Step[]): TimelineStep[] {
  const reported = new Map<string, Step>(steps.map((step) => [step.name, step]))
  const names: string[] = [...EXPECTED]
  for (const step of steps) {
    if (names.includes(step.name)) continue
    const before = Object.keys(STEPS).indexOf(step.name)
    const at = names.findIndex((name) => Object.keys(STEPS).indexOf(name) > before)
    names.splice(before < 0 || at < 0 ? names.length : at, 0, step.name)
  }
  const last = Math.max(-1, ...steps.map((step) => names.indexOf(step.name)))
  return names.map((name, index) => {
    const step = reported.get(name)
    const words = STEPS[name] ?? { title: name, does: '' }
    const status: StepStatus = step ? (step.ok ? 'ok' : 'failed') : index < last ? 'absent' : 'pending'
    return { name, ...words, status, step }
  })
}

const DETAIL_NAMES: Record<string, string> = {
  plan: 'Plan',
  credential: 'Credential',
  writes: 'Writes',
  delivery: 'Delivery',
  receipt: 'Receipt',
  account: 'Account',
  version: 'LwM2M',
  documents: 'Documents',
  paths: 'Paths',
  reason: 'Why',
}

const CREDENTIALS: Record<string, string> = {
  est: 'certificate by EST; the key never left the device',
  'issued-key': 'issued key: made here in the session, written, not kept',
  'certified-factory-key': 'certificate over the factory key, which never left the device',
  psk: 'pre-shared key, kept encrypted',
  nosec: 'none: plain CoAP on this machine',
  rpk: 'raw public key: made here in the session, written, its hash kept',
}

export interface Detail {
  name: string
  value: string
}

/** A step's details with readable names, its reason first. */
export function details(step: Step): Detail[] {
  return Object.entries(step.details ?? {})
    .sort(([a], [b]) => Number(b === 'reason') - Number(a === 'reason') || a.localeCompare(b))
    .map(([key, value]) => ({
      name: DETAIL_NAMES[key] ?? key,
      value: key === 'credential' ? (CREDENTIALS[value] ?? value) : value,
    }))
}

/** What the timeline says under its last reported step. */
export function next(device: DeviceSummary, steps: TimelineStep[]): string {
  if (device.waiting) return `Not done yet: ${device.waiting}`
  const failed = steps.find((step) => step.status === 'failed')
  if (failed) return `Stopped at ${failed.title.toLowerCase()}; the device tries again by itself.`
  const pending = steps.find((step) => step.status === 'pending')
  return pending ? `Next: ${pending.title.toLowerCase()}` : 'Every step is done.'
}
