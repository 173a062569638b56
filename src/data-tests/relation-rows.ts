/**
 * The rows that a test looks at, as FROM items. The author's SQL may qualify columns by the name of the node. `offset 0` keeps the
 * test's condition from being evaluated on rows that the `where` excludes (`where: amount ~ '^\d+$'`, `expression: amount::int > 0`).
 */
import type { Span } from '../core/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Rendered } from '../template/template.ts'
import type { TestSubject } from './data-test.ts'
import { inParentheses, joinSql, type SqlPart } from './join-sql.ts'

export interface FilteredRelationInput {
  readonly on: TestSubject
  readonly where?: Rendered | undefined
  readonly at: Span
  readonly dialect: Dialect
}

/** What `relation` stands for in a test that the project defines: the relation, or its rows of `where` in parentheses; no alias. */
export function filteredRelation(input: FilteredRelationInput): Rendered {
  if (input.where === undefined) return joinSql(input.at, [input.on.relation])
  const from = aliasedRelation(input.on, input.dialect)
  return joinSql(input.at, ['(select * from ', ...from, ' where ', ...inParentheses(input.where), ' offset 0)'])
}

/** The same with its alias. */
export function filteredRows(input: FilteredRelationInput): readonly SqlPart[] {
  return [filteredRelation(input), ` as ${aliasOf(input.on, input.dialect)}`]
}

/** All rows, with the alias. */
export function aliasedRelation(on: TestSubject, dialect: Dialect): readonly SqlPart[] {
  return [on.relation, ` as ${aliasOf(on, dialect)}`]
}

function aliasOf(on: TestSubject, dialect: Dialect): string {
  return dialect.quoteIdentifier(on.label.slice(on.label.lastIndexOf('.') + 1))
}
