// Makes src/api/schema.ts from the schemas of openapi.yaml: `npm run api-types`. A test fails when
// the file is not what this makes.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const OPENAPI = join(root, '../dm-server/src/main/resources/openapi.yaml')
export const GENERATED = join(root, 'src/api/schema.ts')

/** The TypeScript for all schemas of an OpenAPI document. */
export function generate(yaml) {
  const schemas = parse(yaml).components.schemas
  const types = Object.entries(schemas).map(([name, schema]) => declaration(name, schema))
  return `// Made by scripts/api-types.mjs from openapi.yaml. Do not edit.\n\n${types.join('\n')}`
}

function declaration(name, schema) {
  const comment = schema.description ? doc(schema.description, '') : ''
  return `${comment}export type ${name} = ${type(schema, '')}\n`
}

function type(schema, indent) {
  if (schema.$ref) return schema.$ref.split('/').at(-1)
  if (schema.allOf) return schema.allOf.map((part) => type(part, indent)).join(' & ')
  const either = schema.oneOf ?? schema.anyOf
  if (either) return either.map((part) => type(part, indent)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ')
  if (Array.isArray(schema.type)) {
    return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(' | ')
  }
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array': {
      const item = type(schema.items ?? {}, indent)
      return item.includes(' ') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return object(schema, indent)
    default:
      return 'unknown'
  }
}

function object(schema, indent) {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    const values = schema.additionalProperties
    return `Record<string, ${values && typeof values === 'object' ? type(values, indent) : 'unknown'}>`
  }
  const deeper = `${indent}  `
  const required = new Set(schema.required ?? [])
  const lines = properties.map(([name, property]) => {
    const comment = property.description ? doc(property.description, deeper) : ''
    return `${comment}${deeper}${name}${required.has(name) ? '' : '?'}: ${type(property, deeper)}\n`
  })
  return `{\n${lines.join('')}${indent}}`
}

function doc(text, indent) {
  return `${indent}/** ${text.trim().replaceAll(/\s*\n\s*/g, ' ').replaceAll('*/', '* /')} */\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(GENERATED, generate(readFileSync(OPENAPI, 'utf8')))
}
