/** An error of a statement of a plan, with its place in the compiled SQL of the node, where it has one. */
import { WarehouseError } from '../core/errors.ts'
import type { Statement } from '../materializations/plan.ts'

/** People know the relation, not the name that it is built under. */
const asideSuffix = /__(?:new|old)_[0-9a-f]{8}_[0-9a-f]{8}/g

export class PlanError extends WarehouseError {
  /** 0-based UTF-16 offset into the compiled SQL. */
  readonly compiledOffset: number | undefined

  constructor(error: WarehouseError, statement: Statement | undefined, position: number | undefined) {
    super(error.message.replaceAll(asideSuffix, ''), {
      sql: statement?.sql ?? error.sql,
      sqlState: error.sqlState,
      position,
      copy: error.copy,
      passing: error.passing,
      hint: error.hint ?? hintFor(error),
      cause: error.cause,
    })
    this.name = 'PlanError'
    const offset = statement?.compiledAt === undefined || position === undefined ? undefined : position - statement.compiledAt
    this.compiledOffset = offset !== undefined && offset >= 0 ? offset : undefined
  }
}

/** Where in the compiled SQL the error is; undefined where it carries no position, or lies in SQL that we wrote. */
export function compiledOffset(error: unknown): number | undefined {
  return error instanceof PlanError ? error.compiledOffset : undefined
}

function hintFor(error: WarehouseError): string | undefined {
  if (error.sqlState === '42701') return 'Two columns of the SELECT have the same name. Give one of them another with `as`.'
  if (error.sqlState === '42703' && error.position === undefined) {
    return 'The columns that the configuration describes, indexes, sorts or distributes by must be columns of the SELECT.'
  }
  return undefined
}
