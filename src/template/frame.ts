/**
 * What surrounds a place of a template while it renders. Frames are never changed: a block, a partial or a macro makes a
 * new one, so that leaving it restores everything.
 */
import { errorDiagnostic, type Diagnostic } from '../core/diagnostic.ts'
import { toSpan, type Span, type SqlSource } from '../core/span.ts'
import type { Output } from './output.ts'
import type { Body } from './program.ts'
import type { RenderScope } from './template.ts'
import type { Value, ValueRecord } from './value.ts'

export interface Frame {
  readonly machine: Machine
  /** The text whose offsets the program holds. */
  readonly source: SqlSource
  /** Calls of macros around it, innermost first, and the macros called. */
  readonly calls: readonly Span[]
  readonly macros: readonly string[]
  /** Names of the template as a whole: arguments of a macro, locals of the scope. */
  readonly root: ValueRecord
  /** `this`, and what `../` leads to. */
  readonly context: Context
  readonly locals: Local | undefined
  readonly loop: Loop | undefined
  readonly partials: InlinePartial | undefined
  readonly partialBlock: PartialBlock | undefined
  readonly partialDepth: number
}

/** One rendering. */
export interface Machine {
  readonly scope: RenderScope
  readonly mapped: boolean
  readonly diagnostics: Diagnostic[]
  readonly renderBody: (frame: Frame, body: Body, output: Output) => void
}

interface Context {
  readonly value: Value
  readonly up: Context | undefined
}

/** A block parameter or a name of `let`. */
export interface Local {
  readonly name: string
  readonly value: Value
  readonly next: Local | undefined
}

interface Loop {
  readonly index: number
  readonly key: string | number
  readonly first: boolean
  readonly last: boolean
  readonly up: Loop | undefined
}

/** `frame` is where it is defined: its block parameters, not the caller's, are known in it. */
export interface InlinePartial {
  readonly name: string
  readonly body: Body
  readonly frame: Frame
  readonly next: InlinePartial | undefined
}

/** What `{{> @partial-block}}` stands for. */
interface PartialBlock {
  readonly body: Body
  readonly frame: Frame
}

/** Handlebars' rule: a block that keeps `this` adds no level to `../`. */
export function enterContext(frame: Frame, value: Value): Frame {
  return frame.context.value === value ? frame : { ...frame, context: { value, up: frame.context } }
}

export function bindLocals(locals: Local | undefined, names: readonly string[], values: readonly Value[]): Local | undefined {
  return names.reduce((next: Local | undefined, name, index) => {
    const value = values[index]
    return value === undefined ? next : { name, value, next }
  }, locals)
}

/** Ends the statement that renders; the next one goes on, so that all mistakes are found. */
export class TemplateMistake extends Error {
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message)
    this.name = 'TemplateMistake'
    this.diagnostic = diagnostic
  }
}

export interface Mistake {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
}

/** `place` is an expression, or anything with `start` and `end` behind its op. */
export type Placed = readonly [op: string, start: number, end: number, ...rest: unknown[]]

export function fail(frame: Frame, [, start, end]: Placed, { code, message, hint }: Mistake): never {
  const related = frame.calls.map((at, index) => ({ message: `\`${frame.macros[index]}\` is called here.`, at }))
  throw new TemplateMistake(errorDiagnostic(code, message, { at: toSpan(frame.source, start, end), hint, related }))
}
