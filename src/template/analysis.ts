/** What the steps of an analysis share: what has been found so far, what stands around a place, and how mistakes are told. */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type SqlSource } from '../core/span.ts'
import type { Call, Expression, Hash, PartialStatement, Path } from './program.ts'
import type { TemplateFacts } from './template.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

export interface Reading {
  readonly source: SqlSource
  readonly facts: Mutable<TemplateFacts>
  readonly diagnostics: Diagnostic[]
  /** Every inline partial of the file. */
  readonly partials: ReadonlySet<string>
}

/** What stands around a place of the template. */
export interface Surroundings {
  /** Block parameters and names of `let`, innermost first. */
  readonly locals: readonly string[]
  /** `this` is an item, whose properties are names. */
  readonly hasItem: boolean
  /** `@index` and its kin mean something. */
  readonly inLoop: boolean
}

/** Where an expression stands decides whether a bare name calls a macro. */
export type Position = 'tag' | 'block' | 'argument'

export function emptyFacts(): Mutable<TemplateFacts> {
  return {
    refs: [],
    sources: [],
    vars: [],
    envs: [],
    names: [],
    stateUses: [],
    usesSelf: false,
    usesIncremental: false,
    usesRun: false,
    usesTarget: false,
  }
}

/** The word that a tag begins with, when it is a bare one. */
export function calledName(call: Call | Path): string {
  if (call[0] === 'call') return call[3]
  return call[0] === 'name' && call[4].length === 0 ? call[3] : ''
}

/** `place` begins with `start` and `end`, behind the op of an expression. */
type Placed = Expression | PartialStatement | Hash[number]

export function report({ source, diagnostics }: Reading, code: string, message: string, place: Placed, hint?: string): void {
  const [start, end] = typeof place[0] === 'number' ? [place[0], place[1]] : [place[1], place[2]]
  diagnostics.push(errorDiagnostic(code, message, { at: toSpan(source, start, end), hint }))
}
