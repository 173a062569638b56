/**
 * Rows of one SELECT by a cursor: while one batch is with the reader, the next is on its way, and no more than those two are held.
 */
import Cursor from 'pg-cursor'
import type { PooledClient } from './pg-pool.ts'
import { textTypes } from './text-types.ts'
import { toFields } from './field-types.ts'
import type { Field, Row, RowStream } from '../warehouse.ts'

export interface RowStreamOptions {
  readonly client: PooledClient
  readonly sql: string
  readonly batchSize: number
  /** Runs one step of the stream and translates its error. */
  readonly during: <T>(step: () => Promise<T>) => Promise<T>
}

interface Batch {
  readonly fields: readonly Field[]
  readonly rows: readonly Row[]
}

/** Opens the cursor and reads its first batch, so that an error in the statement is thrown here. */
export async function openRowStream({ client, sql, batchSize, during }: RowStreamOptions): Promise<RowStream> {
  const cursor = client.query(new Cursor<Row>(sql, [], { rowMode: 'array', types: textTypes }))
  let failed = false
  const read = async (): Promise<Batch> => {
    try {
      return await during(() => readBatch(cursor, batchSize))
    } catch (error) {
      failed = true
      throw error
    }
  }
  const first = await read()
  let ahead: Promise<Batch> | undefined
  async function* batches(): AsyncIterable<readonly Row[]> {
    for (let batch = first; batch.rows.length > 0; batch = await ahead) {
      ahead = read()
      ahead.catch(() => undefined) // thrown when it is its turn
      yield batch.rows
    }
  }
  return {
    fields: first.fields,
    batches,
    [Symbol.asyncDispose]: async () => {
      await ahead?.catch(() => undefined)
      if (!failed) await cursor.close() // after an error it is closed, and would wait for an answer that has come already
    },
  }
}

function readBatch(cursor: Cursor<Row>, size: number): Promise<Batch> {
  return new Promise((resolve, reject) => {
    cursor.read(size, (error, rows, result) => {
      if (error) reject(error)
      else resolve({ fields: result === undefined ? [] : toFields(result.fields), rows })
    })
  })
}
