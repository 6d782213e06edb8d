import { describe, expect, it } from 'vitest'
import type { Certificate } from '@/api/types'
import { CHOICES, isDue, madeBy, standing } from '@/certificate/words'

const now = Date.parse('2026-11-01T00:00:00Z')
const current: Certificate = {
  endpointName: 'urn:dev:ops:1',
  account: 1,
  serialNumber: 'a1',
  sha256: '00',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2028-01-01T00:00:00Z',
  est: true,
  state: 'CURRENT',
  renewFrom: '2027-05-01T00:00:00Z',
}

describe('a certificate', () => {
  it('says where it stands', () => {
    expect(standing(current, now)).toBe('in use')
    expect(standing({ ...current, renewFrom: '2026-10-31T00:00:00Z' }, now)).toBe('in use, due for renewal')
    expect(standing({ ...current, renewalAskedAt: '2026-10-31T00:00:00Z' }, now)).toBe('in use, another is asked for')
    expect(standing({ ...current, state: 'NEXT' }, now)).toBe('handed over, not in use yet')
    expect(standing({ ...current, state: 'REVOKED', reason: 'SUPERSEDED', renewFrom: undefined }, now)).toBe('superseded by a newer one')
    expect(standing({ ...current, state: 'REVOKED', renewFrom: undefined }, now)).toBe('revoked')
    expect(isDue({ ...current, renewFrom: undefined }, now)).toBe(false)
  })

  it('says where its key is', () => {
    expect(madeBy(current)).toContain('never left the device')
    expect(madeBy({ ...current, est: false })).toContain('handed over')
  })

  it('is revoked by people for their own reasons alone', () => {
    expect(CHOICES.map(([value]) => value)).not.toContain('SUPERSEDED')
  })
})
