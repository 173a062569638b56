/** Rows batch by batch: while one is with the reader, the next is on its way, and no more than those two are held. */
import type { Field, Row, RowStream } from '../warehouse.ts'

export interface Batch {
  readonly fields: readonly Field[]
  readonly rows: readonly Row[]
}

export interface BatchSource {
  /** A batch without rows is the end. */
  readonly read: () => Promise<Batch>
  /** Called once; `failed` where a read has thrown. */
  readonly close: (failed: boolean) => Promise<void>
}

/** Reads the first batch, so that an error in the statement is thrown here. */
export async function streamBatches(source: BatchSource): Promise<RowStream> {
  let failed = false
  const read = async (): Promise<Batch> => {
    try {
      return await source.read()
    } catch (error) {
      failed = true
      throw error
    }
  }
  const first = await readFirst(read, source)
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
      await source.close(failed)
    },
  }
}

async function readFirst(read: () => Promise<Batch>, { close }: BatchSource): Promise<Batch> {
  try {
    return await read()
  } catch (error) {
    await close(true)
    throw error
  }
}
