/**
 * A schema over a parsed document: every violation becomes a located diagnostic, and what violates is taken out, so that the
 * rest of the document still counts. Loaded only where a file is new to the cache.
 */
import type { z } from 'zod'
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/nearest-name.ts'
import type { JsonValue } from '../core/project.ts'
import { keySpan, valueAt, valueSpan, type Document, type Path } from './document.ts'
import { answerToKey, answerToValue } from './habits.ts'
import { describeExpected, findExample, keysAt, schemaAt, typeOfValue } from './schema-shape.ts'

export interface Validated<T> {
  /** What remains. */
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
}

type Issue = z.core.$ZodIssue

/** `least` is what a document must say, and stands in where it does not. */
export function validate<T extends object>(schema: z.ZodType<T>, document: Document<JsonValue>, least: T): Validated<T> {
  const first = schema.safeParse(document.value)
  if (first.success) return { value: first.data, diagnostics: [] }
  const context: Context = { schema, document }
  const issues = first.error.issues.flatMap((issue) => flatten(issue, []))
  const diagnostics = issues.flatMap((issue) => explain(issue, context))
  return { value: withoutOffenders(schema, document.value, issues, least), diagnostics }
}

interface Context {
  readonly schema: z.ZodType
  readonly document: Document<JsonValue>
}

/** Of a union, the issues of the branch that the value was meant for; the union's own issue where it fits none. */
function flatten(issue: Issue, prefix: Path): readonly Issue[] {
  const path = [...prefix, ...issue.path] as (string | number)[]
  if (issue.code !== 'invalid_union') return [{ ...issue, path }]
  const branches = issue.errors.filter((errors) => !errors.some(isOfOtherKind))
  if (branches.length !== 1) return [{ ...issue, path }]
  return branches[0]!.flatMap((one) => flatten(one, path))
}

/** The value is not of this branch's kind at all. */
function isOfOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((errors) => errors.some(isOfOtherKind))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function explain(issue: Issue, context: Context): readonly Diagnostic[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, context))
  if (issue.code === 'invalid_value') return [unknownValue(issue.values.map(String), path, context)]
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') return [wrongType(path, context)]
  return [badValue(issue.message, path, context)]
}

function unknownKey(key: string, path: Path, { schema, document }: Context): Diagnostic {
  const known = keysAt(schema, path, document.value)
  const hint = answerToKey(key) ?? didYouMean(key, known) ?? (known.length > 0 ? `Known here are ${known.join(', ')}.` : undefined)
  return errorDiagnostic('unknown-key', `Unknown key \`${key}\`${under(path)}.`, { at: keySpan(document, [...path, key]), hint })
}

function unknownValue(known: readonly string[], path: Path, context: Context): Diagnostic {
  const { document } = context
  const found = valueAt(document.value, path)
  if (found === undefined) return missingKey(path, context)
  const list = known.join(', ')
  const given = typeof found === 'string' ? found : ''
  const hint = answerToValue(given) ?? didYouMean(given, known)
  const message = `${subject(path)} must be one of ${list}, not ${shown(found)}.`
  return errorDiagnostic('invalid-value', message, { at: valueSpan(document, path), hint })
}

function wrongType(path: Path, { schema, document }: Context): Diagnostic {
  const found = valueAt(document.value, path)
  const parent = valueAt(document.value, path.slice(0, -1))
  const isMissing = found === undefined && typeof parent === 'object' && parent !== null
  if (isMissing) return missingKey(path, { schema, document })
  const expected = describeExpected(schemaAt(schema, path, document.value))
  const message = `${subject(path)} must be ${expected}, not ${typeOfValue(found)}.`
  const hint = listOfNames(found, expected) ?? exampleAt(schema, path, document)
  return errorDiagnostic('wrong-type', message, { at: valueSpan(document, path), hint })
}

/** dbt writes lists of `- name: x` where a mapping by name stands here. */
function listOfNames(found: JsonValue | undefined, expected: string): string | undefined {
  if (!Array.isArray(found) || !expected.startsWith('a mapping')) return undefined
  const [first] = found as readonly JsonValue[]
  if (typeof first !== 'object' || first === null || !('name' in first)) return undefined
  const { name } = first as Readonly<Record<string, JsonValue>>
  return typeof name === 'string' ? `Write the name as a key, \`${name}:\`, instead of \`- name: ${name}\`.` : undefined
}

function missingKey(path: Path, { schema, document }: Context): Diagnostic {
  const parent = path.slice(0, -1)
  return errorDiagnostic('missing-key', `The key \`${String(path.at(-1))}\` is missing${under(parent)}.`, {
    at: parent.length === 0 ? { file: document.file, start: document.place()[0], end: document.place()[0] } : keySpan(document, parent),
    hint: exampleAt(schema, path, document),
  })
}

function badValue(message: string, path: Path, { schema, document }: Context): Diagnostic {
  const found = valueAt(document.value, path)
  const hint = exampleAt(schema, path, document)
  const instead = Array.isArray(found) ? '' : `, not ${shown(found)}`
  return errorDiagnostic('invalid-value', `${subject(path)} ${message}${instead}.`, { at: valueSpan(document, path), hint })
}

/** "For example: `port: 5432`." */
function exampleAt(schema: z.ZodType, path: Path, document: Document<JsonValue>): string | undefined {
  const key = path.findLast((step) => typeof step === 'string')
  const example = findExample(schema, path, document.value)
  return key === undefined || example === undefined ? undefined : `For example: \`${key}: ${example}\`.`
}

function subject(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'This file'
  return typeof last === 'number' ? `Item ${last + 1}${of(path.slice(0, -1))}` : `\`${last}\``
}

function of(path: Path): string {
  const last = path.at(-1)
  return last === undefined ? '' : ` of \`${String(last)}\``
}

function under(path: Path): string {
  const key = path.findLast((step) => typeof step === 'string')
  return key === undefined ? '' : ` under \`${key}\``
}

function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `\`${String(value)}\`` : typeOfValue(value)
}

/** What is taken out may leave a new gap around it: a mapping whose only key was wrong. */
function withoutOffenders<T extends object>(schema: z.ZodType<T>, value: JsonValue, found: readonly Issue[], least: T): T {
  let remains = structuredClone(value)
  let issues = found
  for (let round = 0; round < 5; round++) {
    remains = issues.reduce(withoutOffender, remains)
    const result = schema.safeParse(isMapping(remains) ? { ...least, ...remains } : least)
    if (result.success) return result.data
    issues = result.error.issues.flatMap((issue) => flatten(issue, []))
  }
  return least
}

function isMapping(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Takes out what an issue points at; where a key is missing, what lacks it. */
function withoutOffender(root: JsonValue, issue: Issue): JsonValue {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) remove(root, [...path, key])
  } else {
    remove(root, valueAt(root, path) === undefined ? path.slice(0, -1) : path)
  }
  return path.length === 0 && issue.code !== 'unrecognized_keys' ? {} : root
}

/** An item of a list is only emptied by its owner: removing it would move the places of those behind it. */
function remove(root: JsonValue, path: Path): void {
  const last = path.at(-1)
  if (last === undefined) return
  const parent = valueAt(root, path.slice(0, -1))
  if (Array.isArray(parent) || typeof last === 'number') remove(root, path.slice(0, -1))
  else if (typeof parent === 'object' && parent !== null) delete (parent as Record<string, JsonValue>)[last]
}
