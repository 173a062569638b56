/**
 * What the driver throws while a statement runs, as WarehouseError. The server's `detail` and `where` may hold values of rows, so neither they
 * nor the driver's error itself is kept.
 */
import { WarehouseError } from '../../core/errors.ts'
import { toOffset } from './code-points.ts'

/** The SQLSTATE that stands for a connection lost while a statement ran: whether it took effect is unknown. */
export const connectionLost = '08006'

/** What the driver knows of an error that a server sent. */
interface ServerError {
  readonly message: string
  readonly severity: string
  readonly code: string
  readonly position?: string
  readonly hint?: string
}

export interface StatementFailure {
  readonly error: WarehouseError
  /** The connection is gone with it. */
  readonly fatal: boolean
}

/** `label` names the warehouse for people. */
export function toStatementFailure(thrown: unknown, sql: string, label: string): StatementFailure {
  if (thrown instanceof WarehouseError) return { error: thrown, fatal: true }
  if (!isServerError(thrown)) return { error: lost(sql, label), fatal: true }
  const position = thrown.position === undefined ? undefined : toOffset(sql, Number(thrown.position))
  const error = new WarehouseError(thrown.message, { sql, sqlState: thrown.code, position, hint: thrown.hint })
  return { error, fatal: thrown.severity === 'FATAL' || thrown.severity === 'PANIC' }
}

function lost(sql: string, label: string): WarehouseError {
  return new WarehouseError(`The connection to ${label} was lost while a statement ran. Whether it took effect is unknown.`, {
    sql,
    sqlState: connectionLost,
    hint: 'The server may have been restarted, or the network interrupted. Run the command again.',
  })
}

export function isServerError(thrown: unknown): thrown is ServerError {
  return thrown instanceof Error && 'severity' in thrown && typeof thrown.severity === 'string' && 'code' in thrown
}
