// What is said of onboarding plans.
import type { DryRun, OnboardingPlan } from '@/api/types'

const CREDENTIALS: Record<string, string> = {
  est: 'a certificate by EST, over a key that the device makes and keeps',
  'issued-key': 'a key and certificate, made in the session',
  'certified-factory-key': 'a certificate over the key that the device came with',
  rpk: 'a raw public key, made in the session',
  psk: 'a pre-shared key, new each time',
  nosec: 'none: plain coap on this machine',
}

const WITH_CERTIFICATE = ['est', 'issued-key', 'certified-factory-key']

/** By certificate usage, /0/x/15. */
const SERVER_TRUST = [
  'a certificate below our CA, which the device must trust by itself too (usage 0)',
  'our certificate alone, whose CA the device must trust by itself too (usage 1)',
  'every certificate below our CA that names it (usage 2)',
  'our certificate alone (usage 3)',
]

function serverTrust(plan: OnboardingPlan): [string, string][] {
  const known = WITH_CERTIFICATE.includes(plan.credential ?? 'issued-key')
  return known ? [['Takes as the server', SERVER_TRUST[plan.account?.certificateUsage ?? 2] ?? '']] : []
}

/** "FL-1, FL-2 · owned by harbour · in DE", or that it is for every device. */
export function forWhom(plan: OnboardingPlan): string {
  const parts = [
    plan.models?.length ? plan.models.join(', ') : '',
    plan.owners?.length ? `owned by ${plan.owners.join(', ')}` : '',
    plan.countries?.length ? `in ${plan.countries.join(', ')}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' · ') : 'Every device'
}

/** A plan as names and sentences. */
export function facts(plan: OnboardingPlan): [string, string][] {
  const account = plan.account ?? {}
  const timing = plan.timing ?? {}
  const apns = Object.entries(plan.apns ?? {}).map(([id, values]) => `/11/${id} ${text(values?.['1'] ?? values?.['0'])}`)
  return [
    ['For', forWhom(plan)],
    ['Server account', `short server id ${account.shortServerId ?? 1}, ${account.uri ?? 'this platform'}, lifetime ${account.lifetime ?? 86400} s, binding ${account.binding ?? 'U'}`],
    ['Instances', `/0/${account.securityInstanceId ?? 1} and /1/${account.serverInstanceId ?? 0}`],
    ['Credential', CREDENTIALS[plan.credential ?? 'issued-key'] ?? String(plan.credential)],
    ...serverTrust(plan),
    ['Subscription', plan.subscription === 'none' ? 'none' : 'the sealed package, pushed in the session'],
    ['PLMN policy', plan.plmn ? `${plan.plmn.plmns.join(', ') || 'no network'}${plan.plmn.exclusive ? ', and no other' : ', after the owner’s choices'}` : 'the operator’s'],
    ['APNs', apns.join(', ') || 'none'],
    ['Cellular', Object.entries(plan.cellular ?? {}).map(([id, value]) => `/10/0/${id} = ${value}`).join(', ') || 'nothing'],
    ['May lack', plan.optional?.length ? plan.optional.map((id) => `/${id}`).join(', ') : 'nothing'],
    ['Patience', `waits ${timing.waitBeforeFirstWriteMs ?? 0} ms before the first write, ${timing.requestTimeoutMs ?? 30000} ms for an answer; blocks of ${timing.blockSize ?? 1024} B`],
  ]
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : 'a secret'
}

/** What can be changed of a plan, as text to edit. */
export function editable(plan: OnboardingPlan): string {
  const { id, version, savedAt, savedBy, comment, ...rest } = plan
  return JSON.stringify(rest, null, 2)
}

export const NEW_PLAN = JSON.stringify(
  { priority: 0, models: [], account: { lifetime: 86400 }, credential: 'issued-key', subscription: 'push', apns: { 0: { 0: 'default', 1: 'iot.example', 4: '3' } }, optional: [10] },
  null,
  2,
)

/** The document that was typed, or the place where it is no JSON. */
export function parsed(typed: string): { plan?: OnboardingPlan; fault?: string } {
  try {
    const plan: unknown = JSON.parse(typed)
    return plan !== null && typeof plan === 'object' && !Array.isArray(plan) ? { plan: plan as OnboardingPlan } : { fault: 'An object is wanted: { … }' }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

/** In one sentence what a dry run came to. */
export function outcome(run: DryRun): { tone: 'good' | 'warn' | 'bad'; text: string } {
  if (run.faults.length > 0) return { tone: 'bad', text: 'The plan would be refused: nothing would be written.' }
  if (run.waiting) return { tone: 'warn', text: `It would be told to come later: ${run.waiting}.` }
  return { tone: 'good', text: `It would be written ${run.writes.length} things, by ${run.plan?.id ?? 'another tenant’s plan'}.` }
}
