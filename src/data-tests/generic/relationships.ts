/** `relationships`: every value stands in a column of another relation. NULL passes. A failing row is an orphan. */
import type { BuiltInTest } from '../data-test.ts'
import type { OwnScanTest } from '../generic-test.ts'
import { sqlOf } from '../join-sql.ts'
import { columnName, columnSql, sqlArg, textArg } from '../test-args.ts'
import { rowsOf, verb } from '../wording.ts'

export const relationships: OwnScanTest = {
  shape: 'own scan',
  rows: (test, dialect, from) => {
    const column = columnSql(test, dialect)
    const field = dialect.quoteIdentifier(fieldName(test))
    return [
      'select child.*\nfrom (select * from ',
      ...from,
      `) as child\nwhere child.${column} is not null\n  and not exists (select 1 from `,
      sqlArg(test, 'to'),
      ` as parent where parent.${field} = child.${column})`,
    ]
  },
  message: (test, found) =>
    `${rowsOf(test, found)} ${verb(found.failures, 'has', 'have')} a \`${columnName(test)}\` that is no \`${fieldName(test)}\` of ${parentName(sqlOf(sqlArg(test, 'to')))}.`,
}

/** The column of the same name, where none is given. */
function fieldName(test: BuiltInTest): string {
  return test.args['field'] === undefined ? columnName(test) : textArg(test, 'field')
}

/** `turf` of `"analytics"."turf"`; what is no name (a SELECT, where nothing is built) is called by its role. */
function parentName(relation: string): string {
  const quoted = /^(?:"(?:[^"]|"")+"\.)*"((?:[^"]|"")+)"\s*$/.exec(relation)?.[1]
  return quoted === undefined ? 'the related model' : `\`${quoted.replaceAll('""', '"')}\``
}
