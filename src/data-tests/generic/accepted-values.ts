/**
 * `accepted_values`: every value is one of a list. NULL passes. Values are quoted literals whatever they are in YAML: in SQL such a
 * literal takes the type of the column, so that `[1, 2]` suits a text column and `['1']` an integer one.
 */
import type { JsonValue } from '../../core/project.ts'
import type { BuiltInTest } from '../data-test.ts'
import type { RowTest } from '../generic-test.ts'
import { columnName, columnSql, listArg } from '../test-args.ts'
import { rowsOf, verb } from '../wording.ts'

const shown = 10

export const acceptedValues: RowTest = {
  shape: 'row',
  failing: (test, dialect) => {
    const column = columnSql(test, dialect)
    const values = accepted(test).map((value) => dialect.quoteLiteral(textOf(value)))
    return [values.length === 0 ? `${column} is not null` : `${column} not in (${values.join(', ')})`]
  },
  message: (test, found) =>
    `${rowsOf(test, found)} ${verb(found.failures, 'has', 'have')} a \`${columnName(test)}\` that is not one of ${listText(test)}.`,
}

/** A NULL in the list of `not in` would make every row pass. */
function accepted(test: BuiltInTest): readonly JsonValue[] {
  return listArg(test, 'values').filter((value) => value !== null)
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function listText(test: BuiltInTest): string {
  const values = accepted(test).map(textOf)
  const rest = values.length - shown
  return rest > 0 ? `${values.slice(0, shown).join(', ')} and ${rest} more` : values.join(', ')
}
