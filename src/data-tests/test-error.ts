/** What an error of the warehouse says about a test that was asked alone: often that the type of a column has no such comparison. */
import type { DataTest } from './data-test.ts'

const undefinedFunction = '42883'
const undefinedColumn = '42703'
const ambiguousColumn = '42702'

/** What to do about it; undefined where the warehouse's own message says it all. */
export function testErrorHint(test: DataTest, sqlState: string | undefined): string | undefined {
  if (test.kind === 'query') return undefined
  const column = test.column === undefined ? '' : ` \`${test.column}\``
  if (sqlState === undefinedFunction) return incomparable(test.test, column)
  if (sqlState === undefinedColumn) return `\`${test.on.label}\` has no such column: compare the test with the relation's columns.`
  if (sqlState === ambiguousColumn) return `Put \`${test.on.label}.\` before the column.`
  return undefined
}

function incomparable(test: string, column: string): string | undefined {
  switch (test) {
    case 'unique':
    case 'unique_combination':
    case 'accepted_values':
      return `The type of the column${column} has no equality (\`json\` has none, \`jsonb\` has). Cast it in the model, or test it with \`expression\`.`
    case 'relationships':
      return `The column${column} and the column that it refers to have types that cannot be compared. Cast one of them in its model.`
    case 'recency':
      return `The column${column} must be a date or a timestamp.`
    default:
      return undefined
  }
}
