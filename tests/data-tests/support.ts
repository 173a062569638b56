/** Data tests as the runner would hand them over, and their answers from a database. */
import { nodeId } from '../../src/core/node.ts'
import type { TestOptions } from '../../src/core/project.ts'
import type { Span } from '../../src/core/span.ts'
import { decodeBatch } from '../../src/data-tests/batch.ts'
import type { BuiltInTest, DataTest, QueryTest, TestResult, TestSubject } from '../../src/data-tests/data-test.ts'
import { allFailingRowsSql } from '../../src/data-tests/failing-rows.ts'
import { planTests } from '../../src/data-tests/plan-tests.ts'
import { postgresDialect as dialect } from '../../src/dialects/postgres.ts'
import { locate } from '../../src/template/rendered.ts'
import type { Rendered } from '../../src/template/template.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'

export { postgresDialect as dialect } from '../../src/dialects/postgres.ts'

export const at: Span = { file: 'models/stg_supporters.sql', start: 10, end: 18 }

const supporters: TestSubject = { relation: '"public"."stg_supporters"', label: 'stg_supporters' }

type BuiltInDetails = Partial<Omit<BuiltInTest, 'kind' | 'test' | 'options'>> & { readonly options?: Partial<TestOptions> }

export function builtIn(test: string, { options, ...details }: BuiltInDetails = {}): BuiltInTest {
  const name = details.name ?? [test, details.column ?? ''].join('_')
  return { kind: 'built-in', id: nodeId('test', name), name, test, on: supporters, args: {}, at, options: optionsOf(options), ...details }
}

export function query(
  sql: string,
  { options, ...details }: Partial<Omit<QueryTest, 'sql' | 'options'>> & { options?: Partial<TestOptions> } = {},
): QueryTest {
  const name = details.name ?? 'no_shift_without_event'
  return {
    kind: 'query',
    id: nodeId('test', name),
    name,
    sql: written(sql, 0, `tests/${name}.sql`),
    at,
    options: optionsOf(options),
    ...details,
  }
}

export function optionsOf(options: Partial<TestOptions> = {}): TestOptions {
  return { severity: 'error', storeFailures: false, enabled: true, ...options }
}

/** SQL that stands at `offset` of a file of the author, character for character. */
export function written(sql: string, offset = 100, file = 'models/stg_supporters.sql'): Rendered {
  return { sql, pieces: [{ at: 0, span: { file, start: offset, end: offset + sql.length }, verbatim: true, calls: [] }] }
}

export async function answer(session: Session, tests: readonly DataTest[]): Promise<readonly TestResult[]> {
  const results = new Map<DataTest, TestResult>()
  for (const batch of planTests(tests, dialect)) {
    const [result] = await session.run(batch.sql.sql)
    for (const one of decodeBatch(batch, result?.rows ?? [])) results.set(one.test, one)
  }
  return tests.map((test) => results.get(test)!)
}

export async function failuresOf(session: Session, test: DataTest): Promise<number> {
  const [result] = await answer(session, [test])
  return result!.failures
}

/** The failing rows of a test, counted as its answer should be. */
export async function countFailingRows(session: Session, test: DataTest): Promise<number> {
  const { rows } = await session.query(allFailingRowsSql(test, dialect).sql)
  return rows.length
}

/** Where an offset of rendered SQL was written: file and offset. */
export function sourceOf(rendered: Rendered, offset: number): { readonly file: string; readonly start: number } {
  const { file, start } = locate(rendered, offset)!.span
  return { file, start }
}
