/**
 * The rows that a test looks at, as FROM items. The author's SQL may qualify columns by the name of the node. `offset 0` keeps the
 * test's condition from being evaluated on rows that the `where` excludes (`where: amount ~ '^\d+$'`, `expression: amount::int > 0`).
 */
import type { Span } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { findCteInsertion } from '../dialects/sql-statement.ts'
import { insertRendered } from '../template/rendered.ts'
import type { Rendered } from '../template/template.ts'
import type { TestSubject } from './data-test.ts'
import { inParentheses, joinSql, type SqlPart } from './join-sql.ts'

export interface TestedRows {
  readonly on: TestSubject
  readonly where?: Rendered | undefined
  readonly at: Span
  readonly dialect: Dialect
}

/** With the alias. */
export function filteredRows(rows: TestedRows): readonly SqlPart[] {
  if (rows.where === undefined) return aliasedRelation(rows.on, rows.dialect)
  return ['(', ...selectRows(rows, rows.where), `) as ${aliasOf(rows.on, rows.dialect)}`]
}

/** All rows, with the alias. */
export function aliasedRelation(on: TestSubject, dialect: Dialect): readonly SqlPart[] {
  return [on.relation, ` as ${aliasOf(on, dialect)}`]
}

/**
 * What `relation` stands for in a test that the project writes: `from {{relation}}` works with an alias and without. Where the
 * test has a `where` it is a common table expression, which `withTestedRows` puts at the head of the rendered SQL.
 */
export function filteredRelation({ on, where, at, dialect }: TestedRows): Rendered {
  return joinSql(at, [where === undefined ? on.relation : testedName(dialect)])
}

export function withTestedRows(sql: Rendered, rows: TestedRows): Rendered {
  if (rows.where === undefined) return sql
  const { at, before, after } = findCteInsertion(sql.sql)
  const cte = [before, `${testedName(rows.dialect)} as (`, ...selectRows(rows, rows.where), ')', after]
  return insertRendered(sql, at, joinSql(rows.at, cte))
}

function selectRows({ on, dialect }: TestedRows, where: Rendered): readonly SqlPart[] {
  return ['select * from ', ...aliasedRelation(on, dialect), ' where ', ...inParentheses(where), ' offset 0']
}

function testedName(dialect: Dialect): string {
  return dialect.quoteIdentifier('tested_rows')
}

function aliasOf(on: TestSubject, dialect: Dialect): string {
  return dialect.quoteIdentifier(on.label.slice(on.label.lastIndexOf('.') + 1))
}
