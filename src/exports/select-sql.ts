/** The one SELECT that an export sends, and the one that asks for its fields. */
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { orderBySql } from './order-by.ts'

/** A relation read whole, or a compiled SELECT. */
export type ExportRead = { readonly relation: RelationName } | { readonly query: string }

export interface ExportSelect {
  readonly sql: string
  /** Where in `sql` the compiled query begins, so that a position in an error leads to the author's file. */
  readonly compiledAt?: number
}

/** No rows; its fields are what `planColumns` decides from. */
export function exportFieldsSql(dialect: Dialect, read: ExportRead): ExportSelect {
  return finish('select * from ', dialect, read, '\nlimit 0')
}

/**
 * All rows of the columns named, in that order. A query that is sorted by nothing but itself is sent as it is, since a query around
 * another keeps no order by right: then every column comes, in the query's order.
 */
export function exportSelectSql(dialect: Dialect, read: ExportRead, { columns, orderBy, part }: SelectOptions): ExportSelect {
  if ('query' in read && orderBy.length === 0 && !part) return { sql: read.query, compiledAt: 0 }
  const listed = columns.map((name) => dialect.quoteIdentifier(name)).join(', ')
  return finish(`select ${listed} from `, dialect, read, `${part ? wherePart(dialect, part) : ''}${orderBySql(dialect, orderBy)}`)
}

interface SelectOptions {
  readonly columns: readonly string[]
  readonly orderBy: readonly string[]
  /** Only the rows that belong to it. */
  readonly part?: ExportPart | undefined
}

/** The rows that have a value in a column; null is a value like any other. */
export interface ExportPart {
  readonly column: string
  /** As text. */
  readonly value: string | null
}

function wherePart(dialect: Dialect, { column, value }: ExportPart): string {
  const name = dialect.quoteIdentifier(column)
  return `\nwhere ${name} ${value === null ? 'is null' : `= ${dialect.quoteLiteral(value)}`}`
}

function finish(head: string, dialect: Dialect, read: ExportRead, tail: string): ExportSelect {
  if ('relation' in read) return { sql: `${head}${dialect.relation(read.relation)}${tail}` }
  const opening = `${head}(\n`
  return { sql: `${opening}${read.query}\n) as exported${tail}`, compiledAt: opening.length }
}
