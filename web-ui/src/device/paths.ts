// LwM2M paths, and the names of what they point to.
import { shallowReactive } from 'vue'
import { call } from '@/api/client'
import type { ObjectModel } from '@/api/types'

/** "/3/0/9" as [3, 0, 9]; "/" as []. */
export function ids(path: string): number[] {
  return path
    .split('/')
    .filter((part) => /^\d+$/.test(part))
    .map(Number)
}

/** Order by id, not by digit: /3/0/9 before /3/0/13. */
export function byPath(a: string, b: string): number {
  const left = ids(a)
  const right = ids(b)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/** The object instances in a registration's links: `</1/0>,</3/0>;ver=1.2` (RFC 6690). */
export function instances(objectLinks: string): string[] {
  return [...objectLinks.matchAll(/<\/(\d+)\/(\d+)>/g)]
    .map((link) => `/${link[1]}/${link[2]}`)
    .sort(byPath)
}

/** Definitions by object id; null while asked for, or where the platform has none. */
const models = shallowReactive(new Map<number, ObjectModel | null>())

/** The definition of an object, once it is here; asks for it at the first call. */
export function model(objectId: number): ObjectModel | undefined {
  if (!models.has(objectId)) {
    models.set(objectId, null)
    call<ObjectModel>(`object-models/${objectId}`).then(
      (found) => models.set(objectId, found),
      // without a definition ids are shown instead of names; the next page load asks again
      () => {},
    )
  }
  return models.get(objectId) ?? undefined
}

/** "Device · Battery Level", or "Device", or nothing where the object is not known (yet). */
export function nameOf(path: string): string {
  const [objectId, , resourceId] = ids(path)
  if (objectId === undefined) return ''
  const known = model(objectId)
  if (!known) return ''
  const resource = known.resources.find((one) => one.id === resourceId)
  return resource ? `${known.name} · ${resource.name}` : known.name
}
