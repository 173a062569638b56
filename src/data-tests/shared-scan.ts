/**
 * One scan of one relation that answers many tests: a count of failing rows each, as the warehouse counts them fastest.
 *
 * Each distinct `where` has its own total. When every test has one, the scan itself is narrowed to the rows that any of them
 * wants, so that an index can serve it. `case` guarantees that a condition is not evaluated on rows that its `where` excludes.
 */
import type { Dialect } from '../dialects/dialect.ts'
import type { Rendered } from '../template/template.ts'
import type { Batch } from './batch.ts'
import type { BuiltInTest } from './data-test.ts'
import { genericTest } from './generic/index.ts'
import { inParentheses, joinSql, separate, type SqlPart } from './join-sql.ts'
import { aliasedRelation, filteredRows } from './relation-rows.ts'

/** `tests` stand on one relation; each is of shape `row` or `summary`. At least one. */
export function planSharedScan(tests: readonly BuiltInTest[], dialect: Dialect): Batch {
  const first = tests[0]
  if (first === undefined) throw new TypeError('A batch of tests is empty.')
  const wheres = distinctWheres(tests)
  const narrowed = wheres.length === 1
  const filterOf = (test: BuiltInTest): Rendered | undefined => (narrowed ? undefined : test.where)
  const totals = wheres.map((where) => aggregate('count', undefined, narrowed ? undefined : where))
  const failures = tests.map((test) => countFailures(test, filterOf(test), dialect))
  const list = separate([...totals, ...failures], ',\n  ')
  const sql = joinSql(first.at, ['select\n  ', ...list, '\nfrom ', ...scanned(first, wheres, dialect)])
  const columns = tests.map((test, index) => ({
    failures: wheres.length + index,
    total: wheres.findIndex((where) => where?.sql === test.where?.sql),
  }))
  return { tests, sql, columns }
}

function distinctWheres(tests: readonly BuiltInTest[]): readonly (Rendered | undefined)[] {
  return [...new Map(tests.map((test) => [test.where?.sql, test.where])).values()]
}

function scanned(first: BuiltInTest, wheres: readonly (Rendered | undefined)[], dialect: Dialect): readonly SqlPart[] {
  if (wheres.length === 1) return filteredRows({ ...first, dialect })
  const all = aliasedRelation(first.on, dialect)
  const known = wheres.filter((where) => where !== undefined)
  if (known.length < wheres.length) return all
  return [...all, '\nwhere ', ...separate(known.map(inParentheses), ' or ')]
}

/** Our text in it belongs to the test at hand, not to the first of the batch: `joinSql` per test. */
function countFailures(test: BuiltInTest, where: Rendered | undefined, dialect: Dialect): readonly SqlPart[] {
  const definition = genericTest(test.test)
  switch (definition.shape) {
    case 'row': {
      const [before, after] = dialect.countIf
      return [joinSql(test.at, [before, ...onlyWhere(where, definition.failing(test, dialect)), after])]
    }
    case 'summary': {
      const failing = definition.failing(test, dialect, (name, of) => aggregate(name, of, where))
      return [joinSql(test.at, ['case when ', ...failing, ' then 1 else 0 end'])]
    }
    case 'own scan':
      throw new TypeError(`The test ${test.test} cannot share a scan.`)
    default:
      return definition satisfies never
  }
}

/** Over all rows, or over those that the `where` wants. Without `of`, rows are counted. */
export function aggregate(name: 'count' | 'max', of: string | undefined, where?: Rendered): readonly SqlPart[] {
  return where === undefined ? [`${name}(${of ?? '*'})`] : [`${name}(`, ...onlyWhere(where, [of ?? '1']), ')']
}

/** NULL for other rows. */
function onlyWhere(where: Rendered | undefined, value: readonly SqlPart[]): readonly SqlPart[] {
  return where === undefined ? value : ['case when ', ...inParentheses(where), ' then ', ...value, ' end']
}
