/**
 * The one interface behind which a warehouse stands. A warehouse differs from Postgres by capability flags and overrides.
 * Nothing above this folder knows a driver.
 */
import type { Target } from '../core/project.ts'
import type { CatalogReader } from './catalog-reader.ts'

export interface Capabilities {
  /** Sessions that can be open at once; 1 for an embedded warehouse. */
  readonly maxSessions: number
  /** What keeps runs from each other: locks that the server frees with their session, rows of a table, or nothing, where one process has the warehouse. */
  readonly locks: 'advisory' | 'table' | 'none'
  readonly indexes: boolean
  /** COPY from and to the client. Without it rows are inserted; `copyFrom` and `copyTo` throw. */
  readonly copy: boolean
}

export type WarehouseType = Target['type']

export interface Warehouse extends AsyncDisposable {
  readonly type: WarehouseType
  readonly capabilities: Capabilities
  /** `postgres 18.4 on localhost:5432/field`: for people; no credential. */
  readonly label: string
  /**
   * Waits for a free session, without a time limit. Its `application_name` is the run's. Throws SqlflowError (exit 2) `warehouse-unreachable`,
   * `warehouse-login-refused`, `warehouse-unknown-database`, `warehouse-tls`, `warehouse-too-many-connections`, `warehouse-transaction-pooling`,
   * `warehouse-setup`, `warehouse-paused` or `warehouse-unreadable`; what its tunnel (`tunnel-...`) or AWS (`aws-...`) refuses; `missing-package`.
   */
  acquire(): Promise<Session>
}

/**
 * One connection, until disposed: an open transaction is rolled back, and the connection given back to the pool, or discarded when `broken`. A
 * connection lost under a statement is a WarehouseError with SQLSTATE 08006 (or the server's own 57P01).
 */
export interface Session extends AsyncDisposable {
  /** Backend process id, for messages. */
  readonly processId: number
  /** How the connection is encrypted, `TLSv1.3`; undefined where it is not. */
  readonly tls: string | undefined
  /** Looks into the warehouse's own catalog, on this session. */
  readonly catalog: CatalogReader
  /**
   * Sends text as it is, one or many statements, in one round trip (simple query protocol; many statements outside an explicit transaction
   * are one implicit transaction). Returns the result of each statement. Throws WarehouseError whose `position` counts from the start of `sql`.
   */
  run(sql: string): Promise<readonly StatementResult[]>
  /** One statement with bound values ($1...). Values of rows are text, as the server sends them; null is NULL. */
  query(sql: string, values?: readonly unknown[]): Promise<QueryResult>
  /**
   * Streams the rows of one SELECT from a cursor, in batches, in the session's transaction if one is open, else in one of its own. The session
   * runs nothing else until the stream is disposed.
   */
  stream(sql: string, options?: { readonly batchSize?: number }): Promise<RowStream>
  /** `copy ... from stdin`: sends all bytes; resolves to the number of rows. Runs in the session's transaction if one is open. */
  copyFrom(sql: string, bytes: AsyncIterable<Uint8Array>): Promise<number>
  /** `copy ... to stdout`: the bytes as the server sends them. Leaving early ends the statement in the server. */
  copyTo(sql: string): AsyncIterable<Uint8Array>
  /**
   * Cancels in the server what this session is running, which then fails with SQLSTATE 57014; resolves when the request is sent. No error if it
   * is idle. An embedded warehouse is stopped by it (its open transaction is rolled back): the session is `broken`, the next one opens it again.
   */
  cancel(): Promise<void>
  /** Ends another session of this login, with what it runs, and waits until it has ended: after 10 s it is `running` still. `gone`: there is none, or none to be seen. */
  endOther(other: OtherSession): Promise<'ended' | 'gone' | 'running'>
  /** The session must not be used again, its connection is gone or in doubt: closed at dispose, never handed out again. */
  broken: boolean
}

export interface OtherSession {
  readonly processId: number
  /** In UTC, by the server's clock: a session that began later has the number by chance. */
  readonly startedBefore?: string
}

export interface StatementResult {
  /** First word of the command tag: `CREATE`, `INSERT`, `SELECT`. */
  readonly command: string
  readonly rowCount: number | null
  readonly fields: readonly Field[]
  readonly rows: readonly Row[]
}

export type Row = readonly (string | null)[]

export interface Field {
  readonly name: string
  /** Type as `format_type` spells it where it is one of Postgres's own types (`integer`, `timestamp with time zone`); else `oid:NNN`. */
  readonly type: string
}

export interface QueryResult {
  readonly fields: readonly Field[]
  readonly rows: readonly Row[]
  readonly rowCount: number | null
}

export interface RowStream extends AsyncDisposable {
  readonly fields: readonly Field[]
  batches(): AsyncIterable<readonly Row[]>
}
