/** The values of templates: JSON, and text that knows where its pieces come from (`Traced`, where a map is wanted). */
import type { JsonValue } from '../core/project.ts'
import type { LocalValue, Rendered } from './template.ts'

const rendered = Symbol('rendered')

export interface Traced {
  readonly [rendered]: Rendered
}

export type Value = string | number | boolean | null | Traced | readonly Value[] | ValueRecord
export interface ValueRecord {
  readonly [key: string]: Value
}

/** What a value is once its origin is left aside. */
export type PlainKind = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object'

export function traced(text: Rendered): Traced {
  return { [rendered]: text }
}

export function findTrace(value: Value): Rendered | undefined {
  return typeof value === 'object' && value !== null && rendered in value ? value[rendered] : undefined
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isRecord(value: Value): value is ValueRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(rendered in value)
}

export function kindOf(value: Value): PlainKind {
  if (value === null) return 'null'
  if (typeof value === 'object') return isList(value) ? 'list' : isRecord(value) ? 'object' : 'text'
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean'
}

/** Text in place of traced text; containers are left as they are. */
export function withoutTrace(value: Value): Value {
  return findTrace(value)?.sql ?? value
}

/** The value as JSON, traces left out at any depth. */
export function toJson(value: Value): JsonValue {
  const trace = findTrace(value)
  if (trace) return trace.sql
  if (isList(value)) return value.map(toJson)
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
  return value as JsonValue
}

/** Handlebars' idea of false: false, null, 0, empty text, an empty list. */
export function isTruthy(value: Value): boolean {
  const plain = withoutTrace(value)
  return isList(plain) ? plain.length > 0 : Boolean(plain)
}

/** A name that the caller of a template brings: SQL stays traced where a map is wanted. */
export function fromLocal(value: LocalValue, mapped: boolean): Value {
  if (!isSql(value)) return value
  return mapped ? traced(value.sql) : value.sql.sql
}

function isSql(value: LocalValue): value is { readonly sql: Rendered } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { sql } = value as { readonly sql?: unknown }
  return typeof sql === 'object' && sql !== null && 'pieces' in sql
}
