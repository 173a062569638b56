/**
 * Rows of one SELECT by DECLARE and FETCH. Redshift has no portals that stop in between: without a cursor it sends every row at once. A session has one
 * cursor at a time, within a transaction, and a cluster of one node gives 1,000 rows a FETCH at most.
 * https://docs.aws.amazon.com/redshift/latest/dg/declare.html, fetch.html
 */
import type { QueryArrayResult } from 'pg'
import { toFields } from '../pg/field-types.ts'
import type { RowStreamOptions } from '../pg/row-stream.ts'
import { isServerError } from '../pg/statement-errors.ts'
import { streamBatches, type Batch } from '../pg/stream-batches.ts'
import type { RowStream } from '../warehouse.ts'

const mostRows = 1000
const cursor = 'sqlflow_rows'

/** In the transaction that is open, else in one of its own. */
export async function openCursorStream({ client, sql, batchSize, during }: RowStreamOptions): Promise<RowStream> {
  const own = client.getTransactionStatus() === 'I'
  const fetch = `fetch forward ${Math.min(batchSize, mostRows)} from ${cursor}`
  const head = `${own ? 'begin;\n' : ''}declare ${cursor} cursor for\n`
  let next = `${head}${sql}\n;\n${fetch}`
  const read = async (): Promise<Batch> => {
    const text = next
    next = fetch
    const result: QueryArrayResult | QueryArrayResult[] = await client.query({ text, rowMode: 'array' })
    const { fields, rows }: QueryArrayResult = Array.isArray(result) ? result.at(-1)! : result
    return { fields: toFields(fields), rows }
  }
  return await streamBatches({
    read: () => during(() => inSql(read, next === fetch ? 0 : head.length)),
    close: async (failed) => {
      // an error comes before the status of the transaction that it ends: that one is not asked for
      if (failed && own) await during(() => client.query('rollback')).catch(() => undefined) // the reader has the error
      else if (!failed) await during(() => client.query(own ? `close ${cursor};\ncommit` : `close ${cursor}`))
    },
  })
}

/** With positions that count from the SELECT. */
async function inSql<T>(step: () => Promise<T>, before: number): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (isServerError(error) && error.position !== undefined) Object.assign(error, { position: String(Number(error.position) - before) })
    throw error
  }
}
