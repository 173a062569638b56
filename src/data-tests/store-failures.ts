/**
 * The table that keeps a test's failing rows (`store_failures`): named after the test, in a schema beside the target's own
 * (`dev_ana_failures`), so that people and pull requests never meet. It is built like any table, through a plan.
 */
import type { RelationName } from '../core/relation.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Rendered } from '../template/template.ts'
import type { DataTest } from './data-test.ts'
import { allFailingRowsSql, failingRowsSql } from './failing-rows.ts'
import { fitName } from '../dialects/fit-name.ts'

export interface StoredFailures {
  readonly relation: RelationName
  /** All failing rows, or `limit` of them where the test says so. */
  readonly select: Rendered
}

export interface StoreFailuresInput {
  readonly test: DataTest
  /** The target's resolved schema. */
  readonly schema: string
  readonly dialect: Dialect
}

export function failuresSchema(schema: string, dialect: Dialect): string {
  return fitName(dialect.storedName(`${schema}_failures`), dialect.identifierBytes)
}

export function failuresRelation(test: string, schema: string, dialect: Dialect): RelationName {
  return { schema: failuresSchema(schema, dialect), name: fitName(dialect.storedName(test), dialect.identifierBytes) }
}

export function planStoredFailures({ test, schema, dialect }: StoreFailuresInput): StoredFailures {
  const relation = failuresRelation(test.name, schema, dialect)
  const select = test.options.limit === undefined ? allFailingRowsSql(test, dialect) : failingRowsSql(test, dialect)
  return { relation, select }
}
