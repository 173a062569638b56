/** `not_empty`: the relation has a row. */
import type { SummaryTest } from '../generic-test.ts'
import { whereNote } from '../wording.ts'

export const notEmpty: SummaryTest = {
  shape: 'summary',
  failing: (_test, _dialect, over) => [...over('count'), ' = 0'],
  figures: () => 'count(*) as row_count',
  message: (test) => `\`${test.on.label}\`${whereNote(test)} has no rows.`,
}
