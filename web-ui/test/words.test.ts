import { describe, expect, it } from 'vitest'
import type { DeviceSummary, Step } from '@/api/types'
import { coapWords } from '@/words/coap'
import { facts } from '@/plan/words'
import { kindWords } from '@/words/kinds'
import { details, next, timeline } from '@/words/journey'
import { configurationWords, explain, subscriptionWords } from '@/words/states'
import { ago, dayEnd, dayStart, exactly, took } from '@/words/time'

const NOW = Date.parse('2026-11-23T19:00:00Z')

const device = (more: Partial<DeviceSummary> = {}): DeviceSummary => ({
  endpointName: 'urn:dev:ops:32473-tracker-0001',
  manufacturer: 'acme',
  model: 'tracker-1',
  serialNumber: '0001',
  state: 'CLAIMED',
  stateSince: '2026-11-23T18:59:00Z',
  revoked: false,
  ...more,
})

const step = (name: Step['name'], ok = true, more: Record<string, string> = {}): Step => ({
  name,
  at: '2026-11-23T18:59:00Z',
  ms: 5,
  ok,
  details: more,
})

describe('times', () => {
  it('take a day whole', () => {
    expect(Date.parse(dayEnd('2026-11-27')) - Date.parse(dayStart('2026-11-27'))).toBe(24 * 3600 * 1000)
    expect(new Date(dayStart('2026-11-27')).getHours()).toBe(0)
  })

  it.each([
    ['2026-11-23T18:59:59Z', 'now'],
    ['2026-11-23T18:59:48Z', '12 s ago'],
    ['2026-11-23T18:57:00Z', '3 min ago'],
    ['2026-11-21T18:00:00Z', '2 d ago'],
    ['2026-11-23T21:00:00Z', 'in 2 h'],
    ['not a time', 'unknown'],
  ])('%s is said as %s', (at, said) => expect(ago(at, NOW)).toBe(said))

  it('says a lifetime in full', () => {
    expect(exactly(86400)).toBe('1 d')
    expect(exactly(5400)).toBe('1 h 30 min')
    expect(exactly(0)).toBe('0 s')
  })

  it('says milliseconds as they are, and rounds seconds', () => {
    expect(took(8)).toBe('8 ms')
    expect(took(1240)).toBe('1.24 s')
    expect(took(30_000)).toBe('30.0 s')
  })
})

describe('a device’s state in a sentence', () => {
  it('says what it waits for, and what it was told', () => {
    const said = explain(device({ state: 'EXPECTED', waiting: 'waiting for its owner' }), NOW)
    expect(said).toContain('until somebody claims it')
    expect(said).toContain('not done yet: waiting for its owner')
  })

  it('puts a revocation before everything else', () => {
    expect(explain(device({ state: 'CONFIGURED', revoked: true }), NOW)).toMatch(/^Revoked/)
  })

  it('does not say that a lost device is off', () => {
    expect(explain(device({ state: 'LOST' }), NOW)).toContain('it may be off')
  })
  it('says to a maker, who is not told the state, that it is not its to see', () => {
    expect(explain(device({ state: undefined }), NOW)).toContain('after the sale')
  })

  it('counts what is as desired', () => {
    const configuration = { inStep: 2, written: 1, drifted: 1, rejected: 0, unreachable: 0 }
    expect(explain(device({ state: 'REGISTERED', configuration }), NOW)).toContain('3 of 4')
    expect(configurationWords(configuration)).toEqual({ label: '1 drifted', tone: 'warn' })
    expect(configurationWords(undefined).label).toBe('None')
  })

  it('promises nothing of a subscription before its receipt', () => {
    expect(subscriptionWords({ present: true, state: 'INSTALL_PENDING' }).label).toBe('Waiting for receipt')
    expect(subscriptionWords({ present: true }).label).toBe('Present')
    expect(subscriptionWords(undefined).label).toBe('None')
  })
})

describe('the timeline', () => {
  it('shows what is to come after what is done', () => {
    const steps = timeline([step('handshake'), step('admission')])
    expect(steps.map((one) => one.status)).toEqual(['ok', 'ok', ...Array(6).fill('pending')])
    expect(next(device(), steps)).toBe('Next: plan')
  })

  it('does not wait for a step that was passed over', () => {
    const steps = timeline([step('handshake'), step('bootstrap'), step('register')])
    expect(steps.find((one) => one.name === 'subscription')?.status).toBe('absent')
    expect(steps.find((one) => one.name === 'configuration')?.status).toBe('pending')
  })

  it('puts a step that not every journey has where it belongs', () => {
    const names = timeline([step('subscription'), step('attach'), step('register')]).map((one) => one.name)
    expect(names.slice(5, 8)).toEqual(['subscription', 'attach', 'register'])
  })

  it('shows a step that it does not know at the end', () => {
    expect(timeline([step('telepathy' as Step['name'])]).at(-1)).toMatchObject({ name: 'telepathy', status: 'ok' })
  })

  it('says where it stopped, and why first', () => {
    const failed = step('admission', false, { account: '1', reason: 'not claimed' })
    expect(next(device(), timeline([step('handshake'), failed]))).toContain('Stopped at admission')
    expect(details(failed)[0]).toEqual({ name: 'Why', value: 'not claimed' })
  })

  it('spells out the kind of credential', () => {
    expect(details(step('enrolment', true, { credential: 'issued-key' }))[0]?.value).toContain('not kept')
  })
})

it('says CoAP codes in words, and leaves what it does not know', () => {
  expect(coapWords('4.13')).toBe('Too large')
  expect(coapWords('4.29')).toBe('')
})

describe('records', () => {
  it('are named by their kind, a new one too', () => {
    expect(kindWords('pln')).toBe('Onboarding plan')
    expect(kindWords('xyz')).toBe('Record of kind xyz')
  })
})

describe('a plan', () => {
  it('says what the device takes as the server where it has a certificate', () => {
    expect(new Map(facts({ account: { certificateUsage: 3 } })).get('Takes as the server')).toContain('alone (usage 3)')
    expect(new Map(facts({ account: {}, credential: 'est' })).get('Takes as the server')).toContain('usage 2')
    expect(new Map(facts({ account: {}, credential: 'rpk' })).has('Takes as the server')).toBe(false)
  })
})
