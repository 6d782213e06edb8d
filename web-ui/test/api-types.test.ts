import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { GENERATED, OPENAPI, generate } from '../scripts/api-types.mjs'

describe('the API types', () => {
  it('are what openapi.yaml says: run `npm run api-types`', () => {
    expect(readFileSync(GENERATED, 'utf8')).toBe(generate(readFileSync(OPENAPI, 'utf8')))
  })
})
