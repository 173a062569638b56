/** Arguments of a built-in test as its SQL needs them. The loader has checked that they are there; a missing one is a bug. */
import type { JsonValue } from '../core/project.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { LocalValue, Rendered } from '../template/template.ts'
import type { BuiltInTest } from './data-test.ts'
import { sqlOf, type SqlPart } from './join-sql.ts'

/** The column that the test is about, quoted. */
export function columnSql(test: BuiltInTest, dialect: Dialect): string {
  return dialect.quoteIdentifier(columnName(test))
}

/** The argument `column` where there is one (`recency`), else the column that the test stands beneath. */
export function columnName(test: BuiltInTest): string {
  return test.args['column'] === undefined && test.column !== undefined ? test.column : textArg(test, 'column')
}

export function sqlArg(test: BuiltInTest, name: string): SqlPart {
  const value = test.args[name]
  if (isSql(value)) return value.sql
  if (typeof value === 'string') return value
  throw new TypeError(`The argument ${name} of the test ${test.name} is no SQL.`)
}

export function textArg(test: BuiltInTest, name: string): string {
  return sqlOf(sqlArg(test, name))
}

/** A whole number; undefined when it is not given. */
export function countArg(test: BuiltInTest, name: string): number | undefined {
  const value = test.args[name]
  if (value === undefined || value === null) return undefined
  const count = Number(isSql(value) ? value.sql.sql : value)
  if (!Number.isFinite(count)) throw new TypeError(`The argument ${name} of the test ${test.name} is no number.`)
  return count
}

export function listArg(test: BuiltInTest, name: string): readonly JsonValue[] {
  const value = test.args[name]
  if (Array.isArray(value)) return value
  throw new TypeError(`The argument ${name} of the test ${test.name} is no list.`)
}

function isSql(value: LocalValue | undefined): value is { readonly sql: Rendered } {
  if (typeof value !== 'object' || value === null || !('sql' in value)) return false
  const { sql } = value
  return typeof sql === 'object' && sql !== null && 'pieces' in sql
}
