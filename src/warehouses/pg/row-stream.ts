/** Rows of one SELECT by a portal of the protocol. */
import Cursor from 'pg-cursor'
import type { PooledClient } from './pg-pool.ts'
import { textTypes } from './text-types.ts'
import { toFields } from './field-types.ts'
import { streamBatches, type Batch } from './stream-batches.ts'
import type { Row, RowStream } from '../warehouse.ts'

export interface RowStreamOptions {
  readonly client: PooledClient
  readonly sql: string
  readonly batchSize: number
  /** Runs one step of the stream and translates its error. */
  readonly during: <T>(step: () => Promise<T>) => Promise<T>
}

export type OpenRowStream = (options: RowStreamOptions) => Promise<RowStream>

export async function openRowStream({ client, sql, batchSize, during }: RowStreamOptions): Promise<RowStream> {
  const cursor = client.query(new Cursor<Row>(sql, [], { rowMode: 'array', types: textTypes }))
  return await streamBatches({
    read: () => during(() => readBatch(cursor, batchSize)),
    close: async (failed) => {
      if (!failed) await cursor.close() // after an error it is closed, and would wait for an answer that has come already
    },
  })
}

function readBatch(cursor: Cursor<Row>, size: number): Promise<Batch> {
  return new Promise((resolve, reject) => {
    cursor.read(size, (error, rows, result) => {
      if (error) reject(error)
      else resolve({ fields: result === undefined ? [] : toFields(result.fields), rows })
    })
  })
}
