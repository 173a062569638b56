/**
 * `unique`: no value stands in two rows. NULL passes. A failing row is a value and how often it occurs.
 *
 * It has a scan of its own: `group by` runs in parallel and spills to disk, where `count(distinct …)` in a shared scan sorts in one
 * process and slows the whole scan (on 1,000,000 texts twice as slow).
 */
import { countOf } from '../../core/count-of.ts'
import type { OwnScanTest } from '../generic-test.ts'
import { repeatedRows } from '../repeated-rows.ts'
import { columnName, columnSql } from '../test-args.ts'
import { verb, whereNote } from '../wording.ts'

export const unique: OwnScanTest = {
  shape: 'own scan',
  rows: (test, dialect, from) =>
    repeatedRows({ columns: [columnName(test)], dialect, from, where: ` where ${columnSql(test, dialect)} is not null` }),
  message: (test, { failures }) =>
    `${countOf(failures, 'value')} of \`${columnName(test)}\` ${verb(failures, 'occurs', 'occur')} more than once in \`${test.on.label}\`${whereNote(test)}.`,
}
