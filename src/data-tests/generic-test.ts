/**
 * What a built-in generic test is: how its failing rows are found, and how people are told. A test is added by one file in
 * `generic/` and one line in its registry. The shape decides which tests can share a scan: `row` and `summary` ones all can.
 */
import type { Dialect } from '../dialects/dialect.ts'
import type { BuiltInTest, TestResult } from './data-test.ts'
import type { SqlPart } from './join-sql.ts'

export type GenericTestDefinition = RowTest | SummaryTest | OwnScanTest

/** Looks at one row at a time. */
export interface RowTest extends Described {
  readonly shape: 'row'
  /** A condition that is true for a failing row; NULL passes. */
  readonly failing: (test: BuiltInTest, dialect: Dialect) => readonly SqlPart[]
}

/** One verdict over all rows, from aggregates: one failing row, or none. */
export interface SummaryTest extends Described {
  readonly shape: 'summary'
  /** A condition over aggregates, true when the test fails, never NULL. Each aggregate call goes through `over`; without `of` it counts rows. */
  readonly failing: (test: BuiltInTest, dialect: Dialect, over: Over) => readonly SqlPart[]
  /** The select list of the failing row: the figures that decide. */
  readonly figures: (test: BuiltInTest, dialect: Dialect) => string
}

export type Over = (aggregate: 'count' | 'max', of?: string) => readonly SqlPart[]

/** Needs a scan of its own. */
export interface OwnScanTest extends Described {
  readonly shape: 'own scan'
  /** The SELECT of failing rows. `from` is the relation with its `where`, aliased: it goes where a FROM item goes. */
  readonly rows: (test: BuiltInTest, dialect: Dialect, from: readonly SqlPart[]) => readonly SqlPart[]
}

interface Described {
  /** Why it fails, in a full sentence. */
  readonly message: (test: BuiltInTest, found: Pick<TestResult, 'failures' | 'total'>) => string
}
