import type { DeviceState, DeviceSummary } from '@/api/types'

/** How many devices there are in each state. */
export type Counts = Partial<Record<DeviceState, number>>

export function count(devices: DeviceSummary[]): Counts {
  const counts: Counts = {}
  for (const { state } of devices) {
    if (state) counts[state] = (counts[state] ?? 0) + 1
  }
  return counts
}
