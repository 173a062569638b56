/** The rows of a file into a table: by COPY, or by INSERTs in batches where the warehouse has none, in the transaction that is open. */
import { WarehouseError } from '../core/errors.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { readRecords } from '../materializations/copy-records.ts'
import { insertBatches, type InsertBatch } from '../materializations/insert-batches.ts'
import type { RowsLoad, Statement } from '../materializations/plan.ts'
import type { Session } from '../warehouses/warehouse.ts'
import { findRefusedRow } from './find-refused-row.ts'

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

async function insertRows(session: Session, into: string, load: ByInsert, options: LoadRowsOptions): Promise<number> {
  const { dialect, signal, rows, head } = options
  let count = 0
  for await (const batch of insertBatches(readRecords(rows(), load.delimiter), load.columns, dialect)) {
    signal?.throwIfAborted()
    try {
      await session.run(`${head}${into}\n${batch.tuples.join(',\n')}`)
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error
      throw await explain(session, error, { into, batch, load, dialect })
    }
    count += batch.tuples.length
  }
  return count
}

interface FailedBatch {
  readonly into: string
  readonly batch: InsertBatch
  readonly load: ByInsert
  readonly dialect: Dialect
}

/** The error as one of a COPY: with the line and column of what was sent, and without what it quotes, which may be a value. */
async function explain(session: Session, error: WarehouseError, { into, batch, load, dialect }: FailedBatch): Promise<WarehouseError> {
  const place = session.broken ? undefined : await findRefusedRow(session, batch, load.columns, dialect)
  const message = error.message.replaceAll(/["'].*["']/gs, '"…"')
  return new WarehouseError(message, {
    sql: into,
    sqlState: place?.sqlState ?? error.sqlState,
    hint: error.hint,
    copy: place && { line: place.line, ...(place.column !== undefined && { column: place.column }) },
  })
}
