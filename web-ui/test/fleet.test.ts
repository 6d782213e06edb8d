import { describe, expect, it } from 'vitest'
import type { DeviceSummary, Page } from '@/api/types'
import { fromQuery, matches, toApi, toCounted, toQuery } from '@/fleet/filter'
import { merge } from '@/fleet/merge'

const device = (endpointName: string, more: Partial<DeviceSummary> = {}): DeviceSummary => ({
  endpointName,
  manufacturer: 'acme',
  model: 'tracker-1',
  serialNumber: endpointName.slice(-1),
  state: 'CONFIGURED',
  stateSince: '2026-11-23T19:00:00Z',
  revoked: false,
  ...more,
})
const page = (names: string[], next?: string): Page<DeviceSummary> => ({ items: names.map((name) => device(name)), next })
const names = (pages: Page<DeviceSummary>[]) => pages.flatMap((one) => one.items.map((item) => item.endpointName))

describe('the filter', () => {
  it('is in the address bar as it was typed', () => {
    const filter = fromQuery({ state: 'LOST', q: 'urn:dev model:tracker-1' })
    expect(toQuery(filter)).toEqual({ state: 'LOST', q: 'urn:dev model:tracker-1' })
  })

  it('asks for text where a colon belongs to a name', () => {
    expect(toApi(fromQuery({ state: 'LOST', q: ' urn:dev:ops model:m ' }))).toBe('state:LOST text:urn:dev:ops model:m')
  })

  it('takes no state that does not exist', () => {
    expect(toApi(fromQuery({ state: 'HAPPY' }))).toBe('')
  })

  it('decides as the server does', () => {
    const one = device('urn:a', { owner: 'acme-things', serialNumber: '0042' })
    expect(matches(one, '')).toBe(true)
    expect(matches(one, 'state:CONFIGURED text:urn: tenant:acme-things')).toBe(true)
    expect(matches(one, 'text:004')).toBe(true)
    expect(matches(one, 'text:42')).toBe(false)
    expect(matches(device('URN:b', { tags: ['group:north'] }), 'text:urn group:north tag:group:north')).toBe(true)
    expect(matches(one, 'tag:pilot')).toBe(false)
    expect(matches(one, 'tenant:none')).toBe(false)
    expect(matches(device('b'), 'tenant:none revoked:false')).toBe(true)
  })
})

describe('a changed device', () => {
  it('takes its own place', () => {
    const merged = merge([page(['a', 'b'])], device('b', { state: 'LOST' }), true)
    expect(merged.arrived).toBe(false)
    expect(merged.pages[0]?.items[1]?.state).toBe('LOST')
  })

  it('goes when it no longer fits the filter', () => {
    expect(names(merge([page(['a', 'b'])], device('a'), false).pages)).toEqual(['b'])
  })

  it('arrives in order', () => {
    const merged = merge([page(['a', 'c'], 'x'), page(['e'])], device('b'), true)
    expect(names(merged.pages)).toEqual(['a', 'b', 'c', 'e'])
    expect(merged.arrived).toBe(true)
    expect(names(merge(merged.pages, device('f'), true).pages).at(-1)).toBe('f')
  })

  it('arrives in an empty fleet', () => {
    expect(merge([page([])], device('a'), true).arrived).toBe(true)
  })

  it('waits for its page when that is not loaded', () => {
    expect(names(merge([page(['a', 'c'], 'x')], device('d'), true).pages)).toEqual(['a', 'c'])
  })
})

it('counts without the state, and without the text that the index cannot count', () => {
  expect(toCounted(fromQuery({ state: 'LOST', q: 'urn:dev group:north' }))).toBe('group:north')
})

it('keeps its order in the address bar', () => {
  expect(toQuery(fromQuery({ sort: '-stateSince' }))).toEqual({ sort: '-stateSince' })
  expect(toQuery(fromQuery({ sort: 'colour' }))).toEqual({})
})
