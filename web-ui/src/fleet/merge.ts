// Puts one changed device into the pages already loaded, without asking for them again.
import type { DeviceSummary, Page } from '@/api/types'

type Pages = Page<DeviceSummary>[]

export interface Merged {
  pages: Pages
  /** The device was not in the list before and is now. */
  arrived: boolean
}

/**
 * The list is in order of endpoint name. A device that belongs behind the last row loaded is left
 * out while there is more to load: it comes with its page. One that does not belong (any more) goes.
 */
export function merge(pages: Pages, device: DeviceSummary, belongs: boolean): Merged {
  const at = pages.findIndex((page) => page.items.some((item) => item.endpointName === device.endpointName))
  if (at >= 0) {
    const items = belongs
      ? pages[at]!.items.map((item) => (item.endpointName === device.endpointName ? device : item))
      : pages[at]!.items.filter((item) => item.endpointName !== device.endpointName)
    return { pages: pages.with(at, { ...pages[at]!, items }), arrived: false }
  }
  if (!belongs || pages.length === 0) return { pages, arrived: false }
  const into = pages.findIndex((page, index) => {
    const last = page.items.at(-1)
    const isEnd = index === pages.length - 1 && !page.next
    return isEnd || (last !== undefined && isBefore(device, last))
  })
  if (into < 0) return { pages, arrived: false }
  const items = [...pages[into]!.items]
  const before = items.findIndex((item) => isBefore(device, item))
  items.splice(before < 0 ? items.length : before, 0, device)
  return { pages: pages.with(into, { ...pages[into]!, items }), arrived: true }
}

/** In the order of the API, which does not look at the case. */
function isBefore(one: DeviceSummary, other: DeviceSummary): boolean {
  return one.endpointName.toLowerCase() < other.endpointName.toLowerCase()
}
