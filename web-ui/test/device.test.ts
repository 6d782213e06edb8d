import { describe, expect, it } from 'vitest'
import type { ObjectModel, Resource } from '@/api/types'
import { byPath, ids, instances } from '@/device/paths'
import { tree } from '@/device/tree'
import { fromEvents, fromHandshakes } from '@/refused/refusals'

const deviceObject: ObjectModel = {
  objectId: 3,
  version: '1.1',
  name: 'Device',
  source: 'built-in',
  multiple: false,
  mandatory: true,
  resources: [
    { id: 0, name: 'Manufacturer', operations: 'R', multiple: false, mandatory: false, type: 'STRING' },
    { id: 4, name: 'Reboot', operations: 'E', multiple: false, mandatory: true, type: 'NONE' },
    { id: 9, name: 'Battery Level', operations: 'R', multiple: false, mandatory: false, type: 'INTEGER', units: '%' },
  ],
}
const told = (path: string, value: string): Resource => ({
  path,
  type: 'INTEGER',
  value,
  at: '2026-11-23T19:00:00Z',
  source: 'read',
})

describe('paths', () => {
  it('are ordered by id', () => {
    expect(['/3/0/13', '/10/0', '/3/0/9', '/3/0'].sort(byPath)).toEqual(['/3/0', '/3/0/9', '/3/0/13', '/10/0'])
    expect(ids('/')).toEqual([])
  })

  it('come from registration links with attributes and a root', () => {
    expect(instances('</>;rt="oma.lwm2m";ct=11542,</5>;ver=1.1,</3/0>,</1/0>;ver=1.2')).toEqual(['/1/0', '/3/0'])
  })
})

describe('the objects', () => {
  const modelOf = (id: number) => (id === 3 ? deviceObject : undefined)

  it('join what was told with what could be asked', () => {
    const [device] = tree(['/3/0'], [told('/3/0/9', '87')], modelOf)
    expect(device?.rows.map((row) => row.name)).toEqual(['Manufacturer', 'Reboot', 'Battery Level'])
    expect(device?.rows[2]).toMatchObject({ units: '%', told: { value: '87' } })
    expect(device?.told).toBe(1)
  })

  it('show an object without a definition by its id', () => {
    const [unknown] = tree([], [told('/33000/1/2', '1')], modelOf)
    expect(unknown).toMatchObject({ path: '/33000/1', name: 'Object 33000' })
    expect(unknown?.rows[0]).toMatchObject({ path: '/33000/1/2', operations: 'R' })
  })
})

describe('refusals', () => {
  it('say who and why', () => {
    const [one] = fromHandshakes([
      { at: '2026-11-23T19:00:00Z', address: '127.0.0.1:1', server: 'dm', subject: 'CN=x', reason: 'unknown CA' },
    ])
    expect(one).toMatchObject({ subject: 'CN=x', where: '127.0.0.1:1, DM server, handshake', reason: 'Unknown CA.' })
  })

  it('are only those events that are', () => {
    const at = '2026-11-23T19:00:00Z'
    const events = fromEvents([
      { at, type: 'device.registered', endpointName: 'a', details: {} },
      { at, type: 'device.refused', endpointName: 'b', details: { code: 'FORBIDDEN', reason: 'it is revoked', on: 'register' } },
    ])
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ endpointName: 'b', where: 'DM server, Register', reason: 'It is revoked.' })
  })
})
