/** One statement that answers one or more tests, and what its only row says about each. */
import type { Rendered } from '../template/template.ts'
import type { DataTest, TestResult } from './data-test.ts'

export interface Batch {
  readonly tests: readonly DataTest[]
  readonly sql: Rendered
  /** Where the answer for the test of the same index stands in the row. */
  readonly columns: readonly BatchColumns[]
}

interface BatchColumns {
  readonly failures: number
  readonly total?: number
}

/** The results of a batch, in the order of its tests, from the only row of its statement. */
export function decodeBatch(batch: Batch, rows: readonly (readonly (string | null)[])[]): readonly TestResult[] {
  const row = rows[0]
  if (row === undefined) throw new TypeError('The statement of a batch of tests returned no row.')
  return batch.tests.map((test, index) => {
    const { failures, total } = batch.columns[index]!
    return { test, failures: Number(row[failures]), total: total === undefined ? null : Number(row[total]) }
  })
}
