/** Field masks, as `fields` has them: `properties(title,locale),sheets/properties.sheetId`, `*`; snake case is the same. */
import type { JsonObject } from './spreadsheet.ts'

/** A field that is named as a whole, or the fields of it that are. */
export type FieldMask = 'all' | ReadonlyMap<string, FieldMask>

export class FieldMaskError extends Error {}

/** Throws FieldMaskError. */
export function parseFieldMask(text: string): FieldMask {
  const tokens = text.match(/[A-Za-z0-9_*-]+|[(),./]|\S/g) ?? []
  let at = 0
  const parseList = (): FieldMask => {
    let mask: FieldMask = new Map()
    for (;;) {
      mask = mergeMasks(mask, parsePath())
      if (tokens[at] !== ',') return mask
      at += 1
    }
  }
  const parsePath = (): FieldMask => {
    const name = tokens[at]
    if (name === undefined || !/^[A-Za-z0-9_*-]+$/.test(name)) throw new FieldMaskError(`Invalid field selection ${name ?? ''}`.trim())
    at += 1
    if (name === '*') return 'all'
    return new Map([[camelCase(name), parseRest()]])
  }
  const parseRest = (): FieldMask => {
    const next = tokens[at]
    if (next === '.' || next === '/') {
      at += 1
      return parsePath()
    }
    if (next !== '(') return 'all'
    at += 1
    const mask = parseList()
    if (tokens[at] !== ')') throw new FieldMaskError(`Invalid field selection ${text}`)
    at += 1
    return mask
  }
  const mask = parseList()
  if (at < tokens.length) throw new FieldMaskError(`Invalid field selection ${text}`)
  return mask
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function mergeMasks(one: FieldMask, other: FieldMask): FieldMask {
  if (one === 'all' || other === 'all') return 'all'
  const merged = new Map(one)
  for (const [name, mask] of other) {
    const before = merged.get(name)
    merged.set(name, before === undefined ? mask : mergeMasks(before, mask))
  }
  return merged
}

/** The mask of a field; undefined where it is not selected. */
export function maskOf(mask: FieldMask, ...path: readonly string[]): FieldMask | undefined {
  let found: FieldMask | undefined = mask
  for (const name of path) {
    if (found === 'all' || found === undefined) return found
    found = found.get(name)
  }
  return found
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the mask selects of an answer; it reaches through lists. */
export function selectFields(value: unknown, mask: FieldMask): unknown {
  if (mask === 'all') return value
  if (Array.isArray(value)) return value.map((one: unknown) => selectFields(one, mask))
  if (!isObject(value)) return value
  const selected: Record<string, unknown> = {}
  for (const [name, inner] of mask) {
    const field = value[name]
    if (field !== undefined) selected[name] = selectFields(field, inner)
  }
  return selected
}

/** `before` with the fields of the mask taken from `given`: those that are absent there are gone. Undefined where nothing is left. */
export function replaceFields(before: JsonObject | undefined, given: JsonObject | undefined, mask: FieldMask): JsonObject | undefined {
  if (mask === 'all') return given
  const result: Record<string, unknown> = { ...before }
  for (const [name, inner] of mask) {
    const old = before?.[name]
    const field = given?.[name]
    const next = inner === 'all' ? field : replaceFields(isObject(old) ? old : undefined, isObject(field) ? field : undefined, inner)
    if (next === undefined || next === null) delete result[name]
    else result[name] = next
  }
  return Object.keys(result).length === 0 ? undefined : result
}
