/** How the messages of data tests are worded. */
import { countOf } from '../core/count-of.ts'
import type { BuiltInTest, TestResult } from './data-test.ts'

/** ``3 of 1,204 rows of `stg_supporters` ``; without the total where nobody counted. */
export function rowsOf(test: BuiltInTest, found: Pick<TestResult, 'failures' | 'total'>): string {
  const count = found.failures.toLocaleString('en-US')
  const rows = found.total === null ? countOf(found.failures, 'row') : `${count} of ${countOf(found.total, 'row')}`
  return `${rows} of \`${test.on.label}\`${whereNote(test)}`
}

/** ` (where active)`: the rows that the test is about. */
export function whereNote(test: BuiltInTest): string {
  return test.where === undefined ? '' : ` (where ${oneLine(test.where.sql)})`
}

/** `has` or `have`. */
export function verb(failures: number, one: string, many: string): string {
  return failures === 1 ? one : many
}

export function oneLine(sql: string): string {
  const text = sql.trim().replaceAll(/\s+/g, ' ')
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
