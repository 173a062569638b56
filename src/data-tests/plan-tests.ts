/**
 * Which tests are asked together. Tests that look at rows one by one, or at aggregates, share one scan of their relation; `unique`,
 * `unique_combination`, `relationships` and tests that the project writes have a statement each.
 */
import type { Dialect } from '../dialects/dialect.ts'
import type { Batch } from './batch.ts'
import type { BuiltInTest, DataTest } from './data-test.ts'
import { allFailingRowsSql } from './failing-rows.ts'
import { genericTest } from './generic/index.ts'
import { joinSql, sqlOf, type SqlPart } from './join-sql.ts'
import { filteredRows } from './relation-rows.ts'
import { planSharedScan } from './shared-scan.ts'

/** A select list holds at most 1,664 columns in Postgres; a scan this wide is bound by its conditions anyway. */
const testsPerScan = 400

/** Statements that answer every test once; in the order of the first test of each. The tests can stand on several relations. */
export function planTests(tests: readonly DataTest[], dialect: Dialect): readonly Batch[] {
  const shared = new Map<string, BuiltInTest[]>()
  const groups: (readonly DataTest[])[] = []
  for (const test of tests) {
    if (!sharesScan(test)) {
      groups.push([test])
      continue
    }
    const key = sqlOf(test.on.relation)
    const open = shared.get(key)
    if (open !== undefined && open.length < testsPerScan) {
      open.push(test)
      continue
    }
    const group = [test]
    shared.set(key, group)
    groups.push(group)
  }
  return groups.map((group) => planBatch(group, dialect))
}

/** One batch for each test of a batch that the warehouse refused, so that the culprit is named. */
export function splitBatch(batch: Batch, dialect: Dialect): readonly Batch[] {
  return batch.tests.map((test) => planBatch([test], dialect))
}

function planBatch(tests: readonly DataTest[], dialect: Dialect): Batch {
  const [only] = tests
  if (only !== undefined && !sharesScan(only)) return planOwnScan(only, dialect)
  return planSharedScan(tests.filter(sharesScan), dialect)
}

function sharesScan(test: DataTest): test is BuiltInTest {
  return test.kind === 'built-in' && genericTest(test.test).shape !== 'own scan'
}

function planOwnScan(test: DataTest, dialect: Dialect): Batch {
  const total = totalSql(test, dialect)
  const counts: readonly SqlPart[] = total === undefined ? ['count(*)'] : ['count(*), ', ...total]
  const rows = allFailingRowsSql(test, dialect)
  const sql = joinSql(test.at, ['select ', ...counts, '\nfrom (\n', rows, '\n) as failing_rows'])
  return { tests: [test], sql, columns: [total === undefined ? { failures: 0 } : { failures: 0, total: 1 }] }
}

/** Costs a second scan: only where `max_failures` is a share. */
function totalSql(test: DataTest, dialect: Dialect): readonly SqlPart[] | undefined {
  if (typeof test.options.maxFailures !== 'object' || test.on === undefined) return undefined
  return ['(select count(*) from ', ...filteredRows({ on: test.on, where: test.where, at: test.at, dialect }), ')']
}
