/**
 * Statements around the author's SQL. Text of ours belongs, as a whole, to the place where the test is used; the author's SQL keeps
 * its map, so that a position in an error of the warehouse leads to the line that was written.
 */
import type { Span } from '../core/span.ts'
import { concatRendered, textPiece } from '../template/rendered.ts'
import type { Rendered } from '../template/template.ts'

export type SqlPart = string | Rendered

/** One text of `parts`, back to back; strings among them belong to `at`. */
export function joinSql(at: Span, parts: readonly SqlPart[]): Rendered {
  return concatRendered(parts.map((part) => (typeof part === 'string' ? textPiece(part, at) : part)))
}

export function sqlOf(part: SqlPart): string {
  return typeof part === 'string' ? part : part.sql
}

/** `(...)`, so that a line comment at its end does not swallow what follows. */
export function inParentheses(part: SqlPart): readonly SqlPart[] {
  return ['(', part, sqlOf(part).includes('--') ? '\n)' : ')']
}

/** `parts` with `separator` between them. */
export function separate(parts: readonly (readonly SqlPart[])[], separator: string): readonly SqlPart[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]))
}
