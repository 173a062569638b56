/** A document as the cache keeps it: short, because there is one for every file of a project. Pure. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Document, EnvUse, Place } from './document.ts'

/** Value, places as JSON (few are ever asked for), and what most documents do not have: segments, uses of the environment, mistakes. */
export type DocumentFacts<T> =
  | readonly [value: T, place: string]
  | readonly [
      value: T,
      place: string,
      segments: Readonly<Record<string, readonly number[]>>,
      envUses: readonly EnvUse[],
      diagnostics: readonly Diagnostic[],
    ]

export function packDocument<T>({ value, place, segments, envUses, diagnostics }: Document<T>): DocumentFacts<T> {
  const places = JSON.stringify(place())
  const isPlain = Object.keys(segments).length === 0 && envUses.length === 0 && diagnostics.length === 0
  return isPlain ? [value, places] : [value, places, segments, envUses, diagnostics]
}

export function unpackDocument<T>(file: string, facts: DocumentFacts<T>): Document<T> {
  const [value, places, segments = none, envUses = nothing, diagnostics = nothing] = facts
  let read: Place | undefined
  return { file, value, place: () => (read ??= JSON.parse(places) as Place), segments, envUses, diagnostics }
}

const none = {}
const nothing: readonly never[] = []
