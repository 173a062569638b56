/** Statements joined into one string, so that a phase is one round trip, with the way back from a position in it to the statement. */
import type { WarehouseError } from '../core/errors.ts'
import type { Statement } from '../materializations/plan.ts'
import { PlanError } from './plan-error.ts'

export interface JoinedStatements {
  readonly sql: string
  readonly statements: readonly Statement[]
  /** Where each begins in `sql`. */
  readonly starts: readonly number[]
}

export function joinStatements(head: string, statements: readonly Statement[]): JoinedStatements {
  const starts: number[] = []
  const parts: string[] = []
  let at = head.length
  for (const { sql } of statements) {
    starts.push(at)
    parts.push(sql)
    at += sql.length + 2
  }
  return { sql: head + parts.join(';\n'), statements, starts }
}

export function locateError(error: WarehouseError, { statements, starts }: JoinedStatements): PlanError {
  const { position } = error
  const index = position === undefined ? -1 : starts.findLastIndex((start) => start <= position)
  return new PlanError(error, statements[index], index === -1 ? undefined : position! - starts[index]!)
}
