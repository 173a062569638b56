/**
 * `expression`: a condition holds in every row. NULL passes, as in a check constraint. On a column, a condition that begins with
 * an operator (`>= 0`, `like '%@%'`) is about that column.
 */
import type { Dialect } from '../../dialects/dialect.ts'
import type { BuiltInTest } from '../data-test.ts'
import type { RowTest } from '../generic-test.ts'
import { inParentheses, joinSql, sqlOf, type SqlPart } from '../join-sql.ts'
import { columnSql, sqlArg } from '../test-args.ts'
import { oneLine, rowsOf, verb } from '../wording.ts'

const beginsWithOperator =
  /^\s*(?:[<>=!~@&|#%^*/]|::|[+-]\s|(?:is|in|like|ilike|similar|between|collate)\b|not\s+(?:in|like|ilike|similar|between)\b)/i

export const expression: RowTest = {
  shape: 'row',
  failing: (test, dialect) => ['not ', ...inParentheses(joinSql(test.at, condition(test, dialect)))],
  message: (test, found) => `${rowsOf(test, found)} ${verb(found.failures, 'breaks', 'break')} \`${conditionText(test)}\`.`,
}

function condition(test: BuiltInTest, dialect: Dialect): readonly SqlPart[] {
  const sql = sqlArg(test, 'expression')
  return isAboutColumn(test) ? [`${columnSql(test, dialect)} `, sql] : [sql]
}

function conditionText(test: BuiltInTest): string {
  const text = oneLine(sqlOf(sqlArg(test, 'expression')))
  return isAboutColumn(test) ? `${test.column} ${text}` : text
}

function isAboutColumn(test: BuiltInTest): boolean {
  return test.column !== undefined && beginsWithOperator.test(sqlOf(sqlArg(test, 'expression')))
}
