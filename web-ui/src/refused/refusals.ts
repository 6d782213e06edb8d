// One list of two sources: handshakes that failed, and devices refused after a good handshake.
import type { Event, HandshakeFailure } from '@/api/types'

export interface Refusal {
  key: string
  at: string
  endpointName?: string
  subject?: string
  issuer?: string
  /** Which server, from which address. */
  where: string
  reason: string
}

const SERVERS = { bootstrap: 'bootstrap server', dm: 'DM server' }

export function fromHandshakes(failures: HandshakeFailure[]): Refusal[] {
  return failures.map((failure, index) => ({
    key: `handshake ${failure.at} ${failure.address} ${index}`,
    at: failure.at,
    subject: failure.subject,
    issuer: failure.issuer,
    where: `${failure.address}${failure.server ? `, ${SERVERS[failure.server]}` : ''}, handshake`,
    reason: sentence(failure.reason),
  }))
}

export function fromEvents(events: Event[]): Refusal[] {
  return events
    .filter((event) => event.type === 'device.refused')
    .map((event, index) => ({
      key: `refused ${event.at} ${event.endpointName ?? ''} ${index}`,
      at: event.at,
      endpointName: event.endpointName,
      where: event.details.on === 'register' ? 'DM server, Register' : 'bootstrap server, Bootstrap-Request',
      reason: sentence(event.details.reason ?? 'No reason was recorded'),
    }))
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}
