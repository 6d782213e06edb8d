// The API's types as the console uses them: all from openapi.yaml, by scripts/api-types.mjs.
export type * from './schema'

/** A page of a list; `next` is absent on the last. */
export interface Page<T> {
  items: T[]
  next?: string
}
