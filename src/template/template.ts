/**
 * The interface of the template language to the rest: facts found without running anything, and rendering that keeps a map
 * from the SQL back to the author's files.
 */
import type { Diagnostic } from '../core/diagnostic.ts'
import type { JsonValue, MacroArg } from '../core/project.ts'
import type { Span, SqlSource } from '../core/span.ts'
import type { Template } from './program.ts'

/** What a template uses, found by reading it: plain data, a pure function of the text, so that it can be cached. */
export interface TemplateFacts {
  readonly refs: readonly Use[]
  /** `name` is `source.table`. */
  readonly sources: readonly Use[]
  readonly vars: readonly Use[]
  readonly envs: readonly Use[]
  /** Names that are neither local, nor built in: macros, or mistakes. */
  readonly names: readonly Use[]
  readonly usesSelf: boolean
  readonly usesIncremental: boolean
  /** Each use of `self` and of `incremental`, by that name: they have no meaning in a test or an export. */
  readonly stateUses: readonly Use[]
  /** `run.started_at` and the like: the text differs from run to run. */
  readonly usesRun: boolean
  readonly usesTarget: boolean
}

export interface Use {
  readonly name: string
  /** Offsets in the text of the source (`toSpan` leads to the file). */
  readonly start: number
  readonly end: number
  /** Of `names`: may as well be a property of the item of a loop, so that it is no mistake where no macro has the name. */
  readonly maybe?: true
}

export interface TemplateAnalysis {
  readonly facts: TemplateFacts
  /** Bad syntax, computed refs, Jinja, wrong numbers of arguments of built-ins. */
  readonly diagnostics: readonly Diagnostic[]
}

/** What names mean while a template renders. Functions throw nothing: linking has proven names before. */
export interface RenderScope {
  /** Text that stands for a node in SQL: `"schema"."name"`. */
  readonly ref: (name: string) => string
  readonly source: (source: string, table: string) => string
  /** Absent where nothing is built (exports, tests). */
  readonly self?: string | undefined
  readonly vars: Readonly<Record<string, JsonValue>>
  readonly env: (name: string) => string
  readonly target: { readonly name: string; readonly type: string; readonly schema: string }
  readonly run: { readonly id: string; readonly started_at: string }
  /** Which branch of `{{#incremental}}` holds. */
  readonly incremental: boolean
  readonly macro: (name: string) => MacroDefinition | undefined
  /** Names beside the built-in ones: `relation`, `column` and the arguments of a generic test. */
  readonly locals?: Readonly<Record<string, LocalValue>>
  readonly quoteIdentifier: (name: string) => string
  readonly quoteLiteral: (value: JsonValue) => string
}

export type LocalValue = JsonValue | { readonly sql: Rendered }

export interface MacroDefinition {
  readonly name: string
  readonly sql: SqlSource
  /** Of `sql`. */
  readonly template: Template
  readonly args: readonly MacroArg[]
}

/** SQL with a map: pieces in order, back to back, which cover all of `sql`. */
export interface Rendered {
  readonly sql: string
  readonly pieces: readonly Piece[]
}

export interface Piece {
  /** Offset in `sql` where the piece begins; it ends where the next begins. */
  readonly at: number
  /** Where its first character comes from. */
  readonly span: Span
  /** `verbatim`: character for character from the file; otherwise computed from `span` as a whole. */
  readonly verbatim: boolean
  /** Calls of macros around it, innermost first. */
  readonly calls: readonly Span[]
}

export type RenderResult =
  | { readonly ok: true; readonly rendered: Rendered }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
