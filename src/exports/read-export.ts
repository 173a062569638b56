/** What an export reads: first its columns, then its rows by a cursor. */
import type { Export } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Field, Row, Session } from '../warehouses/warehouse.ts'
import type { ExportRows, ExportSchema, PlannedColumn } from './destination.ts'
import { planColumns, type ColumnsPlan } from './plan-columns.ts'
import { exportFieldsSql, exportSelectSql, type ExportPart, type ExportRead, type ExportSelect } from './select-sql.ts'

/** Rows at a time: 1,000 of seven columns took the process past 150 MB. */
const batchSize = 400

export interface ReadOptions {
  readonly export: Export
  readonly read: ExportRead
  readonly session: Session
  readonly dialect: Dialect
  readonly signal?: AbortSignal
  /** Called with each statement before it is sent, so that an error's position can be led to the author's file. */
  readonly onStatement?: (statement: ExportSelect) => void
}

export async function describeColumns(options: ReadOptions): Promise<ColumnsPlan> {
  return planColumns(options.export, await describeFields(options))
}

/** All that is read, whether it is exported or not. */
export async function describeFields({ read, session, dialect, onStatement }: Omit<ReadOptions, 'export'>): Promise<readonly Field[]> {
  const statement = exportFieldsSql(dialect, read)
  onStatement?.(statement)
  return (await session.query(statement.sql)).fields
}

export interface OpenedRows extends ExportSchema, AsyncDisposable {
  readonly rows: ExportRows
}

export interface OpenOptions extends ReadOptions {
  readonly columns: readonly PlannedColumn[]
  readonly part?: ExportPart | undefined
}

/** The rows of the columns, or of those of one part. The session is taken until it is disposed. */
export async function openRows({
  export: one,
  read,
  session,
  dialect,
  columns,
  part,
  signal,
  onStatement,
}: OpenOptions): Promise<OpenedRows> {
  const statement = exportSelectSql(dialect, read, { columns: columns.map(({ field }) => field.name), orderBy: one.orderBy, part })
  onStatement?.(statement)
  const stream = await session.stream(statement.sql, { batchSize })
  const inOrder = stream.fields.length === columns.length && columns.every(({ field }, k) => stream.fields[k]?.name === field.name)
  return {
    columns: inOrder ? columns.map((column, index) => ({ ...column, index })) : columns,
    rows: untilAborted(stream.batches(), signal),
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  }
}

/** Cancelling between batches is enough: the runner cancels the statement that makes one. */
async function* untilAborted(batches: AsyncIterable<readonly Row[]>, signal: AbortSignal | undefined): ExportRows {
  for await (const batch of batches) {
    signal?.throwIfAborted()
    yield batch
  }
}
