// A certificate as people say it.
import type { Certificate } from '@/api/types'

const REASONS: Record<NonNullable<Certificate['reason']>, string> = {
  UNSPECIFIED: 'revoked',
  KEY_COMPROMISE: 'revoked: its key is in wrong hands',
  AFFILIATION_CHANGED: 'ended: the device changed hands',
  SUPERSEDED: 'superseded by a newer one',
  CESSATION_OF_OPERATION: 'ended: out of service',
  CERTIFICATE_HOLD: 'on hold while the device is revoked',
  PRIVILEGE_WITHDRAWN: 'revoked: it may not come any more',
}

/** What a person gives as the reason. */
export const CHOICES: [NonNullable<Certificate['reason']>, string][] = [
  ['KEY_COMPROMISE', 'Its key is in wrong hands'],
  ['CESSATION_OF_OPERATION', 'It is out of service'],
  ['PRIVILEGE_WITHDRAWN', 'It may not come any more'],
  ['UNSPECIFIED', 'Another reason'],
]

/** Where it stands: whether it is good, and what comes next. */
export function standing(certificate: Certificate, now: number): string {
  if (certificate.state === 'REVOKED') return REASONS[certificate.reason ?? 'UNSPECIFIED']
  if (certificate.state === 'EXPIRED') return 'expired'
  if (certificate.state === 'NEXT') return 'handed over, not in use yet'
  if (certificate.renewalAskedAt) return 'in use, another is asked for'
  return isDue(certificate, now) ? 'in use, due for renewal' : 'in use'
}

export function isDue(certificate: Certificate, now: number): boolean {
  return certificate.renewFrom !== undefined && new Date(certificate.renewFrom).getTime() <= now
}

export function madeBy(certificate: Certificate): string {
  return certificate.est ? 'fetched by EST; its key never left the device' : 'handed over at bootstrap'
}
