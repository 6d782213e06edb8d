// The fleet's filter: what stands in the address bar, what the API is asked, and whether a device
// that an event told us about belongs in the list.
import type { DeviceState, DeviceSummary } from '@/api/types'
import { STATE_ORDER } from '@/words/states'

export interface FleetFilter {
  state?: DeviceState
  /** What the reader typed: words such as `model:x`, or the beginning of a name or serial number. */
  text: string
  sort: Sort
}

/** The API's orders that the screen offers. */
export const SORTS = {
  endpointName: 'Name',
  '-endpointName': 'Name, last first',
  '-stateSince': 'Changed last',
  serialNumber: 'Serial number',
} as const
export type Sort = keyof typeof SORTS
export const BY_NAME: Sort = 'endpointName'

const KEYS = ['tenant', 'model', 'manufacturer', 'tag', 'group', 'revoked']

/** From a query string's `state` and `q`; a state that does not exist is no filter. */
export function fromQuery(query: Record<string, unknown>): FleetFilter {
  const state = STATE_ORDER.find((known) => known === query.state)
  const sort = (Object.keys(SORTS) as Sort[]).find((known) => known === query.sort) ?? BY_NAME
  return { state, text: typeof query.q === 'string' ? query.q : '', sort }
}

export function toQuery(filter: FleetFilter): Record<string, string> {
  return {
    ...(filter.state && { state: filter.state }),
    ...(filter.text.trim() && { q: filter.text.trim() }),
    ...(filter.sort !== BY_NAME && { sort: filter.sort }),
  }
}

/** In the API's words: endpoint names have colons too, so only known keys are keys. */
export function toApi(filter: FleetFilter): string {
  const words = filter.text.trim().split(/\s+/).filter(Boolean).map(apiWord)
  return [...(filter.state ? [`state:${filter.state}`] : []), ...words].join(' ')
}

/** What the counts are of: the filter without the state and without what a name begins with. */
export function toCounted(filter: FleetFilter): string {
  return toApi({ ...filter, state: undefined })
    .split(' ')
    .filter((word) => !word.startsWith('text:'))
    .join(' ')
}

function apiWord(word: string): string {
  const key = word.slice(0, word.indexOf(':'))
  return KEYS.includes(key) ? word : `text:${word}`
}

/** The same decision as the server's, for a device that just changed. */
export function matches(device: DeviceSummary, apiFilter: string): boolean {
  return apiFilter
    .split(' ')
    .filter(Boolean)
    .every((word) => {
      const colon = word.indexOf(':')
      const value = word.slice(colon + 1)
      switch (word.slice(0, colon)) {
        case 'state':
          return device.state === value
        case 'tenant':
          return value === 'none' ? !device.owner : device.owner === value
        case 'model':
          return device.model === value
        case 'manufacturer':
          return device.manufacturer === value
        case 'tag':
          return device.tags?.includes(value) ?? false
        case 'group':
          return device.tags?.includes(`group:${value}`) ?? false
        case 'revoked':
          return String(device.revoked) === value
        case 'text':
          return begins(device.endpointName, value) || begins(device.serialNumber, value)
        default:
          return false
      }
    })
}

function begins(text: string, prefix: string): boolean {
  return text.toLowerCase().startsWith(prefix.toLowerCase())
}
