// What is said of manufacturers and their CAs.
import type { Authority, Manufacturer, OcspResponder, RevocationList, Shipment } from '@/api/types'
import type { Tone } from '@/words/states'
import { ago } from '@/words/time'

interface Word {
  word: string
  tone: Tone
}

export const STATES: Record<NonNullable<Manufacturer['state']>, Word> = {
  ACTIVE: { word: 'Trusted', tone: 'good' },
  SUSPENDED: { word: 'Suspended', tone: 'bad' },
  RETIRED: { word: 'Retired', tone: 'idle' },
}

export const STANDINGS: Record<Authority['standing'], Word> = {
  PROVEN: { word: 'Proven', tone: 'good' },
  UNPROVEN: { word: 'Waits for a proof', tone: 'warn' },
  DENIED: { word: 'Denied', tone: 'bad' },
}

export const LISTS: Record<RevocationList['standing'], Word> = {
  FRESH: { word: 'Fresh', tone: 'good' },
  STALE: { word: 'Stale', tone: 'bad' },
  MISSING: { word: 'Not fetched yet', tone: 'bad' },
}

export const RESPONDERS: Record<OcspResponder['standing'], Word> = {
  ANSWERS: { word: 'Answers', tone: 'good' },
  FAILING: { word: 'Does not answer', tone: 'bad' },
  NOT_ASKED: { word: 'Not asked yet', tone: 'idle' },
}

export const SHIPMENTS: Record<Shipment['state'], Word> = {
  RECEIVING: { word: 'Waits for its bytes', tone: 'warn' },
  VERIFYING: { word: 'Signature is checked', tone: 'idle' },
  APPLYING: { word: 'Lines are applied', tone: 'idle' },
  DONE: { word: 'Done', tone: 'good' },
  REFUSED: { word: 'Refused whole', tone: 'bad' },
  FAILED: { word: 'Ended early', tone: 'bad' },
}

export const RULES: Record<Manufacturer['identityRule'], string> = {
  SAN_URI: 'the URI among the alternative names',
  HARDWARE_MODULE_NAME: 'the hardwareModuleName among the alternative names',
  SUBJECT_SERIAL_NUMBER: "the subject's serialNumber",
  COMMON_NAME: "the subject's common name",
}

const SOON_MS = 90 * 24 * 3600 * 1000

/** When a CA ends: the day, or how soon. */
export function expiry(notAfter: string, now: number): Word {
  const left = new Date(notAfter).getTime() - now
  if (left < 0) return { word: `Expired ${ago(notAfter, now)}`, tone: 'bad' }
  return left < SOON_MS
    ? { word: `Expires ${ago(notAfter, now)}`, tone: 'warn' }
    : { word: `Expires ${notAfter.slice(0, 10)}`, tone: 'idle' }
}

/** What to run where a CA's key lies, to sign for the challenge. */
export function signing(challenge: string): string {
  return [
    `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=${challenge} -out proof.csr`,
    'openssl x509 -req -in proof.csr -CA ca.pem -CAkey ca.key.pem -set_serial 1 -days 1 -out proof.pem',
  ].join('\n')
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** Each certificate of a text with several. What is torn or no certificate is left for the API to judge. */
export function certificatesOf(text: string): string[] {
  const found = text.match(CERTIFICATE)
  if (!found) return [text.trim()]
  const rest = text.replace(CERTIFICATE, '').trim()
  return rest.includes('-----') ? [...found, rest] : found
}

const HOURS = 48

/** Where revocation lists are, as a form has them: a URL a line, and after it the hours if they are not 48. */
export function sourcesText(sources: Manufacturer['revocationLists'] = []): string {
  return sources.map((one) => (one.staleAfterHours === HOURS ? one.url : `${one.url} ${one.staleAfterHours}`)).join('\n')
}

/** The same, read. What is no number of hours is left for the API to judge. */
export function sourcesOf(text: string): NonNullable<Manufacturer['revocationLists']> {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, url, hours] = /^(\S+)(?:\s+(\d{1,6}))?$/.exec(line) ?? [line, line]
      return { url: url ?? line, staleAfterHours: hours === undefined ? HOURS : Number(hours) }
    })
}

type Responders = NonNullable<Manufacturer['ocspResponders']>
type Responder = Responders[number]

/** A responder as a form has it: one for each CA, with no URL where there is none. */
export function respondersOf(authorities: Authority[] = [], responders: Responders = []): Responder[] {
  return authorities.map(
    ({ keySha256 }) =>
      responders.find((one) => one.authority === keySha256) ?? {
        authority: keySha256,
        url: '',
        staleAfterMinutes: 60,
        patienceSeconds: 5,
        admitUnanswered: false,
      },
  )
}
