/** `not_null`: every row has a value. */
import type { RowTest } from '../generic-test.ts'
import { columnName, columnSql } from '../test-args.ts'
import { rowsOf, verb } from '../wording.ts'

export const notNull: RowTest = {
  shape: 'row',
  failing: (test, dialect) => [`${columnSql(test, dialect)} is null`],
  message: (test, found) => `${rowsOf(test, found)} ${verb(found.failures, 'has', 'have')} no \`${columnName(test)}\`.`,
}
