/** What a schema expects at a path, in words: known keys, kinds of values. Only used to explain a mistake. */
import { z } from 'zod'
import type { JsonValue } from '../core/project.ts'
import type { Path } from './document.ts'

type Def = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>
type Schema = z.core.$ZodType

/** The schema of the value at `path`, wrappers taken off; undefined where nothing is declared. */
export function schemaAt(schema: Schema, path: Path, value: JsonValue): Schema | undefined {
  let found: Schema | undefined = unwrap(schema)
  let at: JsonValue | undefined = value
  for (const step of path) {
    found = found && child(optionFor(found, at), step)
    at = typeof at === 'object' && at !== null ? (at as Readonly<Record<string | number, JsonValue>>)[step] : undefined
  }
  return found
}

/** Keys that the mapping at `path` may have. */
export function keysAt(schema: Schema, path: Path, value: JsonValue): readonly string[] {
  const found = schemaAt(schema, path, value)
  const object = found && optionFor(found, {})
  return object && definition(object).type === 'object' ? Object.keys(shapeOf(object)) : []
}

/** `a list`, `text, or a list`. */
export function describeExpected(schema: Schema | undefined): string {
  if (!schema) return 'something else'
  const words = optionsOf(schema).map(describeOne)
  const known = [...new Set(words)].filter((word) => word !== 'nothing')
  if (known.length < 2) return known[0] ?? 'nothing'
  return `${known.slice(0, -1).join(', ')} or ${known.at(-1)!}`
}

/** The first example of the value at `path`, as YAML on one line. */
export function findExample(schema: Schema, path: Path, value: JsonValue): string | undefined {
  const found = schemaAt(schema, path, value)
  const example = (found && z.globalRegistry.get(found)?.['examples']) as readonly JsonValue[] | undefined
  if (example?.[0] === undefined) return undefined
  return typeof example[0] === 'string' && !/[:#]/.test(example[0]) ? example[0] : JSON.stringify(example[0])
}

export function typeOfValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping of keys'
  if (typeof value === 'string') return value.length > 40 || value.includes('\n') ? 'text' : `the text \`${value}\``
  return typeof value === 'number' ? `the number ${value}` : `\`${String(value)}\``
}

function describeOne(schema: Schema): string {
  const def = definition(schema)
  if (def.type === 'enum') return `one of ${Object.values(def['entries'] as Readonly<Record<string, string>>).join(', ')}`
  if (def.type === 'number' && isWhole(schema)) return 'a whole number'
  return kindNames[def.type] ?? 'a value'
}

const kindNames: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  string: 'text',
  number: 'a number',
  boolean: '`true` or `false`',
  null: 'nothing',
}

function isWhole(schema: Schema): boolean {
  const checks = (definition(schema)['checks'] ?? []) as readonly z.core.$ZodCheck[]
  return checks.some((check) => 'format' in check._zod.def && check._zod.def.format === 'safeint')
}

/** Of a union, the option that a value of this kind was meant for. */
function optionFor(schema: Schema, value: JsonValue | undefined): Schema {
  const options = optionsOf(schema)
  const kinds = Array.isArray(value) ? ['array'] : ['object', 'record']
  return options.find((option) => kinds.includes(definition(option).type)) ?? schema
}

function optionsOf(schema: Schema): readonly Schema[] {
  const def = definition(schema)
  if (def.type !== 'union') return [schema]
  return (def['options'] as readonly Schema[]).flatMap((option) => optionsOf(unwrap(option)))
}

function child(schema: Schema, step: string | number): Schema | undefined {
  const def = definition(schema)
  if (def.type === 'array') return unwrap(def['element'] as Schema)
  if (def.type === 'record') return unwrap(def['valueType'] as Schema)
  if (def.type !== 'object') return undefined
  const shape = shapeOf(schema)
  return Object.hasOwn(shape, step) ? unwrap(shape[step]!) : undefined
}

function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  return definition(schema)['shape'] as Readonly<Record<string, Schema>>
}

function unwrap(schema: Schema): Schema {
  const def = definition(schema)
  if (def.type === 'lazy') return unwrap((def['getter'] as () => Schema)())
  return def.type === 'optional' || def.type === 'nullable' ? unwrap(def['innerType'] as Schema) : schema
}

function definition(schema: Schema): Def {
  return schema._zod.def as Def
}
