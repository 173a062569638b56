/** The rows of a file into a table: by COPY, or by INSERTs in batches where the warehouse has none, in the transaction that is open. */
import { WarehouseError } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { readRecords } from '../materializations/copy-records.ts'
import { insertBatches, mostStatementBytes, tooLarge } from '../materializations/insert-batches.ts'
import type { RowsLoad, Statement } from '../materializations/plan.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { findRefusedRow, readBetween, type RecordRange, type RefusedRow } from './find-refused-row.ts'

export interface LoadRowsOptions {
  /** As COPY reads them. */
  readonly rows: () => AsyncIterable<Uint8Array>
  readonly dialect: Dialect
  readonly signal?: AbortSignal | undefined
  /** Comes before each statement that is sent. */
  readonly head: string
}

/** Resolves to the number of rows. After an error nothing of the transaction is left. */
export async function loadRows(session: Session, { sql, rows }: Statement, options: LoadRowsOptions): Promise<number> {
  if (rows?.by === 'insert') return await insertRows(session, sql, rows, options)
  return await session.copyFrom(sql, options.rows())
}

type ByInsert = Extract<RowsLoad, { readonly by: 'insert' }>

async function insertRows(
  session: Session,
  into: string,
  load: ByInsert,
  { dialect, signal, rows, head }: LoadRowsOptions,
): Promise<number> {
  let count = 0
  for await (const batch of insertBatches(readRecords(rows(), load.delimiter), { head: head + into, columns: load.columns, dialect })) {
    signal?.throwIfAborted()
    if (batch.bytes > mostStatementBytes) throw await recordTooLarge(into, { rows, load, from: count, to: count + batch.rows })
    try {
      await session.run(batch.sql)
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error
      const refused = session.broken
        ? undefined
        : await findRefusedRow(session, { rows, load, from: count, to: count + batch.rows, dialect })
      throw asCopyError(error, into, refused)
    }
    count += batch.rows
  }
  return count
}

/** Its batch holds nothing else. */
async function recordTooLarge(into: string, place: RecordRange): Promise<WarehouseError> {
  const [record] = await readBetween(place)
  const copy = record && { line: record.line, record: place.from }
  return new WarehouseError('A record is larger than a statement may be.', { sql: into, sqlState: tooLarge, copy })
}

/** As one of a COPY: with the line and column of what was sent, and without what it quotes, which may be a value. */
function asCopyError({ message, sqlState, hint, passing }: WarehouseError, into: string, refused: RefusedRow | undefined): WarehouseError {
  return new WarehouseError(message.replaceAll(/["'].*["']/gs, '"…"'), {
    sql: into,
    sqlState: refused?.sqlState ?? sqlState,
    hint,
    passing,
    copy: refused?.place,
  })
}
