// The objects that a device has, as far as it told: its registration's links, joined with the last
// values and with the definitions.
import type { ObjectModel, Resource } from '@/api/types'
import { byPath, ids } from './paths'

export interface ResourceRow {
  path: string
  name: string
  /** "R", "W", "RW", "E" or ""; what the definition allows, or "R" where there is none. */
  operations: string
  type: string
  range?: string
  multiple: boolean
  units?: string
  told?: Resource
}

export interface Instance {
  path: string
  name: string
  rows: ResourceRow[]
  told: number
}

type ModelOf = (objectId: number) => ObjectModel | undefined

/** Instances by path, each with every resource of its definition and whatever else it told. */
export function tree(instancePaths: string[], resources: Resource[], modelOf: ModelOf): Instance[] {
  const byInstance = new Map<string, Resource[]>(instancePaths.map((path) => [path, []]))
  for (const resource of resources) {
    const path = `/${ids(resource.path).slice(0, 2).join('/')}`
    byInstance.set(path, [...(byInstance.get(path) ?? []), resource])
  }
  return [...byInstance.entries()]
    .sort(([a], [b]) => byPath(a, b))
    .map(([path, told]) => instance(path, told, modelOf(ids(path)[0] ?? -1)))
}

function instance(path: string, told: Resource[], model: ObjectModel | undefined): Instance {
  const reported = told.map((resource) => {
    const definition = model?.resources.find((one) => one.id === ids(resource.path)[2])
    return {
      path: resource.path,
      name: resource.name ?? definition?.name ?? '',
      operations: definition?.operations ?? 'R',
      type: resource.type,
      range: definition?.range,
      multiple: definition?.multiple ?? false,
      units: resource.units ?? definition?.units,
      told: resource,
    }
  })
  const seen = new Set(told.map((resource) => ids(resource.path)[2]))
  const untold = (model?.resources ?? [])
    .filter((definition) => !seen.has(definition.id) && definition.operations !== '')
    .map((definition) => ({
      path: `${path}/${definition.id}`,
      name: definition.name,
      operations: definition.operations,
      type: definition.type,
      range: definition.range,
      multiple: definition.multiple,
      units: definition.units,
    }))
  return {
    path,
    name: model?.name ?? told[0]?.object ?? `Object ${ids(path)[0]}`,
    rows: [...reported, ...untold].sort((a, b) => byPath(a.path, b.path)),
    told: told.length,
  }
}
