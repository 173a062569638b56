/** `unique_combination`: no combination of columns stands in two rows. NULL counts as a value here: it equals NULL. */
import { countOf } from '../../core/count-of.ts'
import type { BuiltInTest } from '../data-test.ts'
import type { OwnScanTest } from '../generic-test.ts'
import { repeatedRows } from '../repeated-rows.ts'
import { listArg } from '../test-args.ts'
import { verb, whereNote } from '../wording.ts'

export const uniqueCombination: OwnScanTest = {
  shape: 'own scan',
  rows: (test, dialect, from) => repeatedRows({ columns: columnsOf(test), dialect, from, where: '' }),
  message: (test, { failures }) => {
    const columns = columnsOf(test).map((column) => `\`${column}\``)
    const repeated = verb(failures, 'occurs', 'occur')
    return `${countOf(failures, 'combination')} of ${columns.join(', ')} ${repeated} more than once in \`${test.on.label}\`${whereNote(test)}.`
  },
}

function columnsOf(test: BuiltInTest): readonly string[] {
  return listArg(test, 'columns').map(String)
}
