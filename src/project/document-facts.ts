/** A document as the cache keeps it: short, because there is one for every file of a project. Pure. */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Document, EnvUse, Place } from './document.ts'

/** Value, places, and what most documents do not have: segments, uses of the environment, mistakes. */
export type DocumentFacts<T> =
  | readonly [value: T, place: Place]
  | readonly [
      value: T,
      place: Place,
      segments: Readonly<Record<string, readonly number[]>>,
      envUses: readonly EnvUse[],
      diagnostics: readonly Diagnostic[],
    ]

export function packDocument<T>({ value, place, segments, envUses, diagnostics }: Document<T>): DocumentFacts<T> {
  const isPlain = Object.keys(segments).length === 0 && envUses.length === 0 && diagnostics.length === 0
  return isPlain ? [value, place] : [value, place, segments, envUses, diagnostics]
}

export function unpackDocument<T>(file: string, facts: DocumentFacts<T>): Document<T> {
  const [value, place, segments = none, envUses = nothing, diagnostics = nothing] = facts
  return { file, value, place, segments, envUses, diagnostics }
}

const none = {}
const nothing: readonly never[] = []
