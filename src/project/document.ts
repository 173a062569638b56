/**
 * YAML as the rest of the project layer reads it: a validated value, and the place of every key and value beside it. A pure
 * function of the text, so that it comes out of the cache without a YAML parser or a schema library.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue } from '../core/project.ts'
import type { Segment, Span, SqlSource } from '../core/span.ts'

/** `[start, end, children]` in the file: children by key with the key's own range in a mapping, in order in a sequence. */
export type Place = readonly [start: number, end: number, children?: PlacesByKey | readonly Place[]]
export type PlacesByKey = Readonly<Record<string, readonly [keyStart: number, keyEnd: number, value: Place]>>

export interface Document<T> {
  readonly file: string
  readonly value: T
  /** Of the whole; read from the cache when first asked for, because it is mistakes that need places. */
  readonly place: () => Place
  /** Segments of the scalars whose text is not the file's, by where the scalar starts: `[text, file, text, file, ...]`. */
  readonly segments: Readonly<Record<string, readonly number[]>>
  /** Every `${NAME}` outside SQL. */
  readonly envUses: readonly EnvUse[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface EnvUse {
  /** Empty for `$${NAME}`, which stands for the text `${NAME}`. */
  readonly name: string
  readonly hasDefault: boolean
  /** Path of the scalar. */
  readonly path: Path
  readonly start: number
  readonly end: number
}

export type Path = readonly (string | number)[]

/** Where the value at `path` stands; the nearest enclosing value where it is absent. */
export function valueSpan(document: Document<unknown>, path: Path): Span {
  const [start, end] = findEntry(document.place(), path).value
  return { file: document.file, start, end }
}

/** Where the key of `path` stands; the value for an item of a sequence. */
export function keySpan(document: Document<unknown>, path: Path): Span {
  const { key, value } = findEntry(document.place(), path)
  const [start, end] = key ?? value
  return { file: document.file, start, end }
}

/** The SQL in the scalar at `path`, with its map to the file. */
export function sqlAt(document: Document<unknown>, path: Path, text: string): SqlSource {
  const [start] = findEntry(document.place(), path).value
  const pairs = document.segments[start]
  if (!pairs) return { file: document.file, text, segments: [{ text: 0, file: start }] }
  const segments: Segment[] = []
  for (let i = 0; i < pairs.length; i += 2) segments.push({ text: pairs[i]!, file: pairs[i + 1]! })
  return { file: document.file, text, segments }
}

/** A part of a document as one by itself: the entry of a model in a property file. */
export function subDocument<T>(document: Document<unknown>, path: Path, value: T): Document<T> {
  return { ...document, value, place: () => findEntry(document.place(), path).value, envUses: [], diagnostics: [] }
}

/** A document without keys, at the start of a file. */
export function emptyDocument<T>(file: string, value: T): Document<T> {
  return { file, value, place: () => [0, 0], segments: {}, envUses: [], diagnostics: [] }
}

/** The keys of the mapping at `path` as the author wrote them, also those whose values were refused. */
export function writtenKeys(document: Document<unknown>, path: Path): readonly string[] {
  const children = findEntry(document.place(), path).value[2]
  return children && !isSequence(children) ? Object.keys(children) : []
}

const unreadable: ReadonlySet<string> = new Set(['bad-yaml', 'yaml-key', 'yaml-alias'])

/** What the file says is not known at all: its YAML could not be read. */
export function isUnreadable({ diagnostics }: Document<unknown>): boolean {
  return diagnostics.some(({ code }) => unreadable.has(code))
}

interface Entry {
  readonly key?: readonly [number, number]
  readonly value: Place
}

function findEntry(place: Place, path: Path): Entry {
  let entry: Entry = { value: place }
  for (const step of path) {
    const next = childAt(entry.value, step)
    if (!next) return entry
    entry = next
  }
  return entry
}

function childAt(place: Place, step: string | number): Entry | undefined {
  const children = place[2]
  if (!children) return undefined
  if (isSequence(children)) {
    const item = typeof step === 'number' ? children[step] : undefined
    return item && { value: item }
  }
  if (!Object.hasOwn(children, step)) return undefined
  const [start, end, value] = children[step]!
  return { key: [start, end], value }
}

function isSequence(children: PlacesByKey | readonly Place[]): children is readonly Place[] {
  return Array.isArray(children)
}

/** The value at `path`, or undefined. */
export function valueAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  let found: JsonValue | undefined = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Readonly<Record<string | number, JsonValue>>)[step]
  }
  return found
}
