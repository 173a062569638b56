/**
 * The SELECT of the rows that fail a test. Its number of rows is the test's count of failures, however the count was made: samples,
 * kept rows and the verdict never disagree.
 */
import type { Dialect } from '../dialects/dialect.ts'
import { checkSingleSelect } from '../dialects/sql-statement.ts'
import { sliceRendered } from '../template/rendered.ts'
import type { Rendered } from '../template/template.ts'
import type { BuiltInTest, DataTest } from './data-test.ts'
import { genericTest } from './generic/index.ts'
import { joinSql, type SqlPart } from './join-sql.ts'
import { filteredRows, withTestedRows } from './relation-rows.ts'
import { aggregate } from './shared-scan.ts'

const defaultSample = 5

/** All failing rows of a test. */
export function allFailingRowsSql(test: DataTest, dialect: Dialect): Rendered {
  if (test.kind === 'built-in') return joinSql(test.at, builtInRows(test, dialect))
  const sql = withoutEnd(test.sql)
  return test.on === undefined ? sql : withTestedRows(sql, { on: test.on, where: test.where, at: test.at, dialect })
}

/** Without a `;` at its end, which a file of a test may have. */
function withoutEnd(sql: Rendered): Rendered {
  const select = checkSingleSelect(sql.sql)
  return select.ok ? sliceRendered(sql, 0, select.end) : sql
}

/** The first failing rows, to be shown: `limit`, else the test's own, else five. In no order. */
export function failingRowsSql(test: DataTest, dialect: Dialect, limit: number = test.options.limit ?? defaultSample): Rendered {
  return joinSql(test.at, ['select * from (\n', allFailingRowsSql(test, dialect), `\n) as failing_rows\nlimit ${limit}`])
}

function builtInRows(test: BuiltInTest, dialect: Dialect): readonly SqlPart[] {
  const definition = genericTest(test.test)
  const from = filteredRows({ ...test, dialect })
  switch (definition.shape) {
    case 'row':
      return ['select *\nfrom ', ...from, '\nwhere ', ...definition.failing(test, dialect)]
    case 'summary': {
      const failing = definition.failing(test, dialect, (name, of) => aggregate(name, of))
      return [`select ${definition.figures(test, dialect)}\nfrom `, ...from, '\nhaving ', ...failing]
    }
    case 'own scan':
      return definition.rows(test, dialect, from)
    default:
      return definition satisfies never
  }
}
