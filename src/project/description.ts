/**
 * What is said of one node, in its front matter and in a YAML file, or of one source in several. Tags and meta add up, columns come together; any other key
 * that stands in both is a mistake, which names both places.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue } from '../core/project.ts'
import type { Span } from '../core/span.ts'
import { keySpan, valueAt, valueSpan, type Document, type Path } from './document.ts'

export interface Description<T> {
  readonly value: T
  /** Front matter before YAML, files in their order. At least one. */
  readonly documents: readonly Document<T>[]
}

export function describedBy<T>(document: Document<T>): Description<T> {
  return { value: document.value, documents: [document] }
}

/** The document that says what stands at `path`. */
export function documentAt(description: Description<unknown>, path: Path): Document<unknown> {
  const { documents } = description
  if (documents.length === 1) return documents[0]!
  return documents.find((one) => valueAt(one.value as JsonValue, path) !== undefined) ?? documents[0]!
}

export function keyPlace(description: Description<unknown>, path: Path): Span {
  return keySpan(documentAt(description, path), path)
}

export function valuePlace(description: Description<unknown>, path: Path): Span {
  return valueSpan(documentAt(description, path), path)
}

/** `documents`: at least one, the first to say a thing being the one that counts. */
export function mergeDescriptions<T extends object>(
  documents: readonly [Document<T>, ...Document<T>[]],
  diagnostics: Diagnostic[],
): Description<T> {
  const [first, ...others] = documents
  let merged: Description<T> = describedBy(first)
  for (const document of others) {
    const report = (path: Path): unknown => diagnostics.push(saidTwice(documentAt(merged, path), document, path))
    merged = { value: mergeKeys(merged.value, document.value, report, []), documents: [...merged.documents, document] }
  }
  return merged
}

function mergeKeys<T extends object>(first: T, second: T, onConflict: (path: Path) => unknown, path: Path): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(first))
  for (const [key, value] of Object.entries(second)) {
    const here = [...path, key]
    merged[key] = Object.hasOwn(merged, key) ? mergeValue(merged[key], value, onConflict, here) : value
  }
  return merged as T
}

/** `columns`, and each column of it, come together; `tags` and `meta` add up. */
function mergeValue(first: unknown, second: unknown, onConflict: (path: Path) => unknown, path: Path): unknown {
  const isColumns = path[0] === 'columns' && path.length <= 2
  if (isColumns && second === null) return first
  if (isColumns && first === null) return second
  if (isMapping(first) && isMapping(second) && (isColumns || path[0] === 'meta')) return mergeKeys(first, second, onConflict, path)
  if (path.length === 1 && path[0] === 'tags') return [first, second].flat()
  onConflict(path)
  return first
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function saidTwice(first: Document<unknown>, second: Document<unknown>, path: Path): Diagnostic {
  return errorDiagnostic('said-twice', `\`${path.join('.')}\` is said in \`${first.file}\` and in \`${second.file}\`.`, {
    at: keySpan(second, path),
    hint: 'Remove one of the two.',
    related: [{ message: 'It is said here too.', at: keySpan(first, path) }],
  })
}
