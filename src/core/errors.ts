/**
 * The world's failures: a server that does not answer, a permission, a full disk. Each has a permanent code, a message in
 * full sentences, a hint, and the cause. The author's mistakes are diagnostics instead; anything else is a bug.
 */
import type { Diagnostic } from './diagnostic.ts'

export interface SqlflowErrorDetails {
  readonly hint?: string | undefined
  readonly cause?: unknown
  /** 1: something the user built failed; 2: usage, configuration, an unreachable warehouse. */
  readonly exitCode?: 1 | 2
}

export class SqlflowError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: 1 | 2

  /** `code` is permanent, kebab-case, documented in docs/errors.md. */
  constructor(code: string, message: string, details: SqlflowErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SqlflowError'
    this.code = code
    this.hint = details.hint
    this.exitCode = details.exitCode ?? 2
  }
}

/** The text of a file of the project, as spans count it; undefined where it cannot be read. */
export type ReadText = (file: string) => string | undefined

/** Ends a command whose project has mistakes: all of them, with the way to the text that they point into. */
export class DiagnosticsError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  readonly readText: ReadText

  constructor(diagnostics: readonly Diagnostic[], readText: ReadText) {
    super(diagnostics.map((one) => one.message).join('\n'))
    this.name = 'DiagnosticsError'
    this.diagnostics = diagnostics
    this.readText = readText
  }
}

export interface CopyPlace {
  readonly line: number
  /** From 0, where it is known which one: COPY counts lines alone. */
  readonly record?: number
  readonly column?: string
}

/**
 * An error that a warehouse reported for a statement. `position` is a 0-based UTF-16 offset into `sql`.
 * Messages of warehouses may quote values of rows; `detail` and `where` of the server are therefore never kept.
 */
export class WarehouseError extends SqlflowError {
  readonly sqlState: string | undefined
  readonly sql: string
  readonly position: number | undefined
  /** During a COPY, or INSERTs in its place: the line of what was sent, from 1, and the column it is about. */
  readonly copy: CopyPlace | undefined
  /** It passes by itself: somebody held a lock, or worked at the same at the same time. The warehouse says which errors do. */
  readonly passing: 'lock' | 'conflict' | undefined

  constructor(
    message: string,
    at: {
      sql: string
      sqlState?: string | undefined
      position?: number | undefined
      copy?: CopyPlace | undefined
      passing?: 'lock' | 'conflict' | undefined
      hint?: string | undefined
      cause?: unknown
    },
  ) {
    super('warehouse-error', message, { hint: at.hint, cause: at.cause, exitCode: 1 })
    this.name = 'WarehouseError'
    this.sql = at.sql
    this.sqlState = at.sqlState
    this.position = at.position
    this.copy = at.copy
    this.passing = at.passing
  }
}
