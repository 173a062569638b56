/** `last_name`, `goal desc`, `given desc nulls last`: a column of an export's `order_by`, quoted on the way to SQL. */
import type { Dialect } from '../dialects/dialect.ts'

export interface Order {
  readonly column: string
  /** ` desc nulls last`, or nothing. */
  readonly suffix: string
}

export function parseOrder(written: string): Order {
  const found = /^(.+?)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$/i.exec(written.trim())
  const [, column = written, direction, nulls] = found ?? []
  const suffix = `${direction === undefined ? '' : ` ${direction.toLowerCase()}`}${nulls === undefined ? '' : ` nulls ${nulls.toLowerCase()}`}`
  return { column, suffix }
}

export function orderBySql(dialect: Dialect, orderBy: readonly string[]): string {
  const parts = orderBy.map(parseOrder).map(({ column, suffix }) => `${dialect.quoteIdentifier(column)}${suffix}`)
  return parts.length === 0 ? '' : `\norder by ${parts.join(', ')}`
}
