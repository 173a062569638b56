/** JSON that came from outside: checked once against a shape, in the words of the API, and then read by its fields. */
import { ApiError } from './api-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** `any`: taken as it comes. */
export type Shape = 'text' | 'integer' | 'number' | 'truth' | 'any' | readonly [Shape] | { readonly [field: string]: Shape }

/** Throws ApiError for a field that is unknown or of another type. `path` as the API spells it: `requests[0].add_sheet`. */
export function checkShape(value: unknown, shape: Shape, path: string): void {
  if (value === null || value === undefined || shape === 'any') return
  if (typeof shape === 'string') {
    if (!isOfType(value, shape)) throw badValue(path, value, ` (${typeNames[shape]})`)
  } else if (isListShape(shape)) {
    if (!Array.isArray(value)) throw badValue(path, value)
    for (let k = 0; k < value.length; k++) checkShape(value[k], shape[0], `${path}[${k}]`)
  } else {
    if (!isObject(value)) throw badValue(path, value)
    for (const key in value) {
      const inner = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (inner === undefined) throw unknownName(key, path)
      const found = value[key]
      // Paths are only needed where something is wrong: most fields are plain and right.
      if (typeof inner === 'string' && isOfType(found, inner)) continue
      checkShape(found, inner, path === '' ? snake(key) : `${path}.${snake(key)}`)
    }
  }
}

const typeNames = { text: 'TYPE_STRING', integer: 'TYPE_INT32', number: 'TYPE_DOUBLE', truth: 'TYPE_BOOL', any: '' } as const

function isOfType(value: unknown, type: keyof typeof typeNames): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'truth':
      return typeof value === 'boolean'
    case 'any':
      return true
    default:
      return type satisfies never
  }
}

function isListShape(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape)
}

export function unknownName(name: string, path: string): ApiError {
  return withViolation(
    `Invalid JSON payload received. Unknown name "${name}"${path === '' ? '' : ` at '${path}'`}: Cannot find field.`,
    path,
  )
}

export function badValue(path: string, value: unknown, type = ''): ApiError {
  return withViolation(`Invalid value at '${path}'${type}, ${JSON.stringify(value)}`, path)
}

function withViolation(message: string, field: string): ApiError {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: message }] }]
  return new ApiError(400, 'INVALID_ARGUMENT', message, details)
}

export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const nothing: JsonObject = {}

/** Empty when absent. */
export function objectIn(from: JsonObject, key: string): JsonObject {
  const value = from[key]
  return isObject(value) ? value : nothing
}

export function maybeObjectIn(from: JsonObject, key: string): JsonObject | undefined {
  const value = from[key]
  return isObject(value) ? value : undefined
}

export function numberIn(from: JsonObject, key: string): number | undefined {
  const value = from[key]
  return typeof value === 'number' ? value : undefined
}

export function textIn(from: JsonObject, key: string): string | undefined {
  const value = from[key]
  return typeof value === 'string' ? value : undefined
}

export function truthIn(from: JsonObject, key: string): boolean | undefined {
  const value = from[key]
  return typeof value === 'boolean' ? value : undefined
}

export function listIn(from: JsonObject, key: string): readonly unknown[] {
  const value = from[key]
  return Array.isArray(value) ? value : []
}

/** Of objects; what is none stands there as an empty one. */
export function objectsIn(from: JsonObject, key: string): readonly JsonObject[] {
  return listIn(from, key).map((one) => (isObject(one) ? one : nothing))
}

export function textsIn(from: JsonObject, key: string): readonly string[] {
  return listIn(from, key).filter((one) => typeof one === 'string')
}
