import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WarehouseError } from '../../src/core/errors.ts'
import type { DataTest } from '../../src/data-tests/data-test.ts'
import { planTests, splitBatch } from '../../src/data-tests/plan-tests.ts'
import { testErrorHint } from '../../src/data-tests/test-error.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { builtIn, dialect, query, sourceOf, written } from './support.ts'

describe.each(databases)('statements of tests that $type refuses', (kind) => {
  const stack = new AsyncDisposableStack()
  let session: Session

  beforeAll(async () => {
    const database = stack.use(await kind.create())
    const warehouse = stack.use(await openWarehouse(database.target, { applicationName: 'sqlflow test' }))
    session = stack.use(await warehouse.acquire())
    await session.run(`create table stg_supporters (email text, age integer, turf_id integer, answers json);
      insert into stg_supporters values ('ana@example.org', 34, 1, '{}')`)
  })
  afterAll(() => stack.disposeAsync())

  /** The error, where it leads, and the hint. */
  async function refusal(
    tests: readonly DataTest[],
  ): Promise<readonly [message: string, file: string, start: number, hint: string | undefined]> {
    const [batch] = planTests(tests, dialect)
    const error = await session.run(batch!.sql.sql).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof WarehouseError) || error.position === undefined) throw new Error('No located error.', { cause: error })
    const { file, start } = sourceOf(batch!.sql, error.position)
    return [error.message, file, start, testErrorHint(tests[0]!, error.sqlState)]
  }

  it('are located in the expression that the author wrote', async () => {
    const test = builtIn('expression', { args: { expression: { sql: written('age >= 18 and agee < 120', 300) } } })
    expect(await refusal([builtIn('not_null', { column: 'email' }), test])).toEqual([
      'column "agee" does not exist',
      'models/stg_supporters.sql',
      314,
      "`stg_supporters` has no such column: compare the test with the relation's columns.",
    ])
  })

  it('are located in the where that the author wrote', async () => {
    const test = builtIn('unique', { column: 'email', where: written('actve', 400) })
    expect((await refusal([test])).slice(0, 3)).toEqual(['column "actve" does not exist', 'models/stg_supporters.sql', 400])
  })

  it('are located where the test of a missing column is used', async () => {
    const test = builtIn('not_null', { column: 'Email', at: { file: 'models/staging.yml', start: 77, end: 85 } })
    expect((await refusal([builtIn('not_empty'), test])).slice(0, 3)).toEqual(['column "Email" does not exist', 'models/staging.yml', 77])
  })

  it('are located in the file of a singular test', async () => {
    expect((await refusal([query('select * from stg_supporters where phone is null')])).slice(0, 3)).toEqual([
      'column "phone" does not exist',
      'tests/no_shift_without_event.sql',
      35,
    ])
  })

  it.each([
    [
      'unique',
      {},
      'could not identify an equality operator for type json',
      'The type of the column `answers` has no equality (`json` has none, `jsonb` has). Cast it in the model, or test it with `expression`.',
    ],
    [
      'accepted_values',
      { values: ['{}'] },
      'operator does not exist: json <> unknown',
      'The type of the column `answers` has no equality (`json` has none, `jsonb` has). Cast it in the model, or test it with `expression`.',
    ],
    [
      'relationships',
      { to: '"public"."stg_supporters"', field: 'email' },
      'operator does not exist: text = json',
      'The column `answers` and the column that it refers to have types that cannot be compared. Cast one of them in its model.',
    ],
  ])('say of %s on json that it has no equality', async (name, args, message, hint) => {
    expect(await refusal([builtIn(name, { column: 'answers', args })])).toEqual([message, 'models/stg_supporters.sql', 10, hint])
  })

  it('name the culprit when they are split, and the others are answered', async () => {
    const tests = [
      builtIn('not_null', { column: 'email' }),
      builtIn('expression', { args: { expression: { sql: written('age / (turf_id - 1) > 0') } } }),
      builtIn('not_empty'),
    ]
    const [batch] = planTests(tests, dialect)
    await expect(session.run(batch!.sql.sql)).rejects.toThrow('division by zero')
    const outcomes = await splitBatch(batch!, dialect).reduce<Promise<readonly string[]>>(async (before, one) => {
      const outcome = await session.run(one.sql.sql).then(
        () => 'answered',
        (error: unknown) => String(error instanceof Error ? error.message : error),
      )
      return [...(await before), outcome]
    }, Promise.resolve([]))
    expect(outcomes).toEqual(['answered', 'division by zero', 'answered'])
  })
})
