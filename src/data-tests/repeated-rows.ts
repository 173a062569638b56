/** Keys that occur more than once, and how often. */
import type { Dialect } from '../dialects/dialect.ts'
import type { SqlPart } from './join-sql.ts'

export interface RepeatedRowsInput {
  readonly columns: readonly string[]
  readonly dialect: Dialect
  readonly from: readonly SqlPart[]
  /** Text of ours that follows FROM. */
  readonly where: string
}

export function repeatedRows({ columns, dialect, from, where }: RepeatedRowsInput): readonly SqlPart[] {
  const keys = columns.map((column) => dialect.quoteIdentifier(column)).join(', ')
  const count = dialect.quoteIdentifier(unusedName('occurrences', columns))
  return [`select ${keys}, count(*) as ${count}\nfrom `, ...from, `${where}\ngroup by ${keys}\nhaving count(*) > 1`]
}

function unusedName(name: string, taken: readonly string[]): string {
  return taken.some((one) => one.toLowerCase() === name) ? unusedName(`${name}_`, taken) : name
}
