/**
 * What the driver throws while a statement runs, as WarehouseError. The server's `detail` and `where` may hold values of rows, so neither they
 * nor the driver's error itself is kept, and a value in a message is left out.
 */
import { WarehouseError, type CopyPlace } from '../../core/errors.ts'
import { toOffset } from './code-points.ts'

/** The SQLSTATE that stands for a connection lost while a statement ran: whether it took effect is unknown. */
const connectionLost = '08006'
const queryCanceled = '57014'

/** What the driver knows of an error that a server sent. */
interface ServerError {
  readonly message: string
  readonly severity: string
  readonly code: string
  readonly position?: string
  readonly hint?: string
  readonly where?: string
  readonly column?: string
}

export interface StatementFailure {
  readonly error: WarehouseError
  /** The connection is gone with it. */
  readonly fatal: boolean
}

export interface FailedStatement {
  readonly sql: string
  /** Names the warehouse for people. */
  readonly label: string
  /** It was asked to stop. */
  readonly cancelling: boolean
}

export function toStatementFailure(thrown: unknown, { sql, label, cancelling }: FailedStatement): StatementFailure {
  if (!isServerError(thrown)) return { error: cancelling ? cancelled(sql) : lost(sql, label), fatal: true }
  const position = thrown.position === undefined ? undefined : toOffset(sql, Number(thrown.position))
  const message = thrown.message === violation ? violationMessage : withoutValues(thrown)
  const fatal = thrown.severity === 'FATAL' || thrown.severity === 'PANIC'
  const hint = thrown.hint ?? (fatal ? connectionGone : message === thrown.message ? undefined : valueLeftOut)
  const passing = passingOf(thrown)
  return { error: new WarehouseError(message, { sql, sqlState: thrown.code, position, copy: copyPlace(thrown), passing, hint }), fatal }
}

const passingStates: Readonly<Record<string, WarehouseError['passing']>> = {
  '55P03': 'lock', // did not come in time
  '40P01': 'conflict', // a deadlock
  '40001': 'conflict', // a serialization failure
}

function passingOf({ code, message }: ServerError): WarehouseError['passing'] {
  const isConflict = message === violation || isChangedMeanwhile(code, message) || isMadeTwice(code, message)
  return passingStates[code] ?? (isConflict ? 'conflict' : undefined)
}

/** The whole message of Redshift; what it is about stands in the detail, by ids. */
const violation = '1023'
const violationMessage = 'Serializable isolation violation (1023): another transaction worked on the same table'

/** The server met a row of the catalog that another session has just changed or dropped. */
function isChangedMeanwhile(code: string, message: string): boolean {
  return code === 'XX000' && /^(?:tuple concurrently|could not open relation with OID|cache lookup failed)/.test(message)
}

/** Two sessions create one schema or relation: the second meets the first's row of the catalog, and finds it made when it looks again. */
function isMadeTwice(code: string, message: string): boolean {
  return code === '23505' && /pg_\w+_index/.test(message)
}

const connectionGone = 'The server was stopped, or somebody ended this session. Run the command again.'
const valueLeftOut = 'The value is left out: it may be one of a row.'

/** Of class 22, data exceptions: those that name columns and encodings, and no value. */
const namesNoValue: ReadonlySet<string> = new Set(['22P04', '22P05', '22021', '22004'])

/**
 * The message without the value that a data exception quotes: `invalid input syntax for type integer: "…"`. With a position it is about a literal
 * that the author wrote, which stays. Other classes quote names alone; their values stand in `detail`.
 */
function withoutValues({ message, code, position }: ServerError): string {
  if (!code.startsWith('22') || namesNoValue.has(code) || position !== undefined) return message
  return message.replace(/["„«“].*["“”»]/s, '"…"').replace(/(?<=: )[^"…]*\d[^"…]*$/, '…')
}

/** In the server's words: a warehouse that ends with its statement says nothing itself. */
function cancelled(sql: string): WarehouseError {
  return new WarehouseError('canceling statement due to user request', { sql, sqlState: queryCanceled })
}

/** Of `COPY pledges, line 7, column pledged_on: "…"`, line and column alone. */
function copyPlace({ where, column }: ServerError): CopyPlace | undefined {
  const found = /^COPY .*?, line (\d+)(?:, column ([^:"]+))?(?::|$)/m.exec(where ?? '')
  if (!found) return undefined
  const named = found[2] ?? column
  return { line: Number(found[1]), ...(named !== undefined && { column: named }) }
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
