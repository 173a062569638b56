import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/core/project.ts'
import type { DataTest } from '../../src/data-tests/data-test.ts'
import { describeFailures } from '../../src/data-tests/describe-failures.ts'
import { failingRowsSql } from '../../src/data-tests/failing-rows.ts'
import { filteredRelation } from '../../src/data-tests/relation-rows.ts'
import { planStoredFailures } from '../../src/data-tests/store-failures.ts'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Rendered } from '../../src/template/template.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { databases } from '../support/databases.ts'
import { answer, at, builtIn, countFailingRows, dialect, failuresOf, query, written } from './support.ts'

const setup = `
create table stg_supporters (
  supporter_id integer, email text, state varchar(2), age integer, pledge numeric(10,2), signup date, active boolean,
  updated_at timestamptz, turf_id integer, "Last Name" text, "order" integer, answers jsonb, raw json, tags text[], channel text
);
insert into stg_supporters values
  (1, 'ana@example.org',   'PA', 34, 10.00, current_date,       true,  now(),                       1,    'O''Neil', 1, '{"a": 1}', '{}', '{vip}',  'phone'),
  (2, 'ben@example.org',   'GA', 17, 0,     current_date - 1,   false, now() - interval '2 hours',  2,    'Lee',     2, '{"a": 1}', '{}', '{}',     'door'),
  (3, 'ben@example.org',   'XX', 52, -5.50, current_date - 400, null,  now() - interval '40 hours', 9,    null,      2, '{"a": 2}', '{}', null,     'phone'),
  (4, null,                null, null, null, null,              true,  null,                        null, null,      3, null,       null, '{vip}', null),
  (null, null,             'PA', 70, 1e3,   '2020-02-29',       true,  now(),                       1,    'Lee',     4, null,       null, null,     'DOOR');
create table turf (turf_id integer, name text);
insert into turf values (1, 'North'), (1, 'North again'), (2, 'South'), (null, 'Nowhere');
create table "Turf Names" ("Name" text);
create table nothing (email text, state text, updated_at timestamptz);
create schema "Field";
create table "Field"."Order" ("Select" integer, "a""b" text);
insert into "Field"."Order" values (1, 'x'), (1, null), (2, 'x');
`

const nothing = { on: { relation: '"public"."nothing"', label: 'nothing' } }
const order = { on: { relation: '"Field"."Order"', label: 'Order' } }
const turf = '"public"."turf"'

function column(test: string, name: string, args: Record<string, JsonValue> = {}): DataTest {
  return builtIn(test, { column: name, args })
}

function expression(sql: string, name?: string): DataTest {
  return builtIn('expression', { column: name, args: { expression: { sql: written(sql) } } })
}

/** Each is a sentence of the test, and how many rows fail it. */
const cases: readonly (readonly [sentence: string, test: DataTest, failures: number])[] = [
  ['unique counts values, not NULLs', column('unique', 'email'), 1],
  ['unique passes', column('unique', 'supporter_id'), 0],
  ['unique compares numerics by value', column('unique', 'pledge'), 0],
  ['unique compares dates', column('unique', 'signup'), 0],
  ['unique compares booleans', column('unique', 'active'), 1],
  ['unique compares jsonb', column('unique', 'answers'), 1],
  ['unique compares arrays', column('unique', 'tags'), 1],
  ['unique takes a column of mixed case with a space', column('unique', 'Last Name'), 1],
  ['unique takes a reserved word', column('unique', 'order'), 1],
  ['unique takes a relation in mixed case', builtIn('unique', { ...order, column: 'Select' }), 1],
  ['unique takes a quote in a name', builtIn('unique', { ...order, column: 'a"b' }), 1],
  ['unique passes on an empty table', builtIn('unique', { ...nothing, column: 'email' }), 0],
  ['unique looks at the rows of its where', builtIn('unique', { column: 'email', where: written('supporter_id < 3') }), 0],
  ['not_null counts NULLs', column('not_null', 'email'), 2],
  ['not_null passes', column('not_null', 'order'), 0],
  ['not_null does not mind empty arrays', column('not_null', 'tags'), 2],
  ['not_null takes json, which has no equality', column('not_null', 'raw'), 2],
  ['not_null passes on an empty table', builtIn('not_null', { ...nothing, column: 'email' }), 0],
  [
    'not_null looks at the rows of its where',
    builtIn('not_null', { column: 'email', where: written('active is not true -- or unknown') }),
    0,
  ],
  ['accepted_values lets NULL pass', column('accepted_values', 'state', { values: ['PA', 'GA'] }), 1],
  ['accepted_values passes', column('accepted_values', 'state', { values: ['PA', 'GA', 'XX'] }), 0],
  ['accepted_values compares case', column('accepted_values', 'channel', { values: ['phone', 'door'] }), 1],
  ['accepted_values is not silenced by a NULL in the list', column('accepted_values', 'state', { values: ['PA', null] }), 2],
  ['accepted_values of an empty list accepts nothing', column('accepted_values', 'state', { values: [] }), 4],
  ['accepted_values takes numbers', column('accepted_values', 'age', { values: [34, 17, 52] }), 1],
  ['accepted_values takes numbers as text', column('accepted_values', 'age', { values: ['34', '17', '52'] }), 1],
  ['accepted_values takes numbers on a text column', column('accepted_values', 'state', { values: [1, 2] }), 4],
  ['accepted_values compares numerics by value', column('accepted_values', 'pledge', { values: [10, 0, -5.5, 1000] }), 0],
  ['accepted_values takes booleans', column('accepted_values', 'active', { values: [true] }), 1],
  ['accepted_values takes dates', column('accepted_values', 'signup', { values: ['2020-02-29'] }), 3],
  ['accepted_values takes quotes', column('accepted_values', 'Last Name', { values: ["O'Neil"] }), 2],
  [
    'accepted_values takes long lists',
    column('accepted_values', 'age', { values: Array.from({ length: 20_000 }, (_, age) => age + 18) }),
    1,
  ],
  ['relationships lets NULL pass', builtIn('relationships', { column: 'turf_id', args: { to: turf, field: 'turf_id' } }), 1],
  ['relationships takes the column of the same name', builtIn('relationships', { column: 'turf_id', args: { to: turf } }), 1],
  [
    'relationships looks at the rows of its where',
    builtIn('relationships', { column: 'turf_id', args: { to: turf }, where: written('turf_id < 5') }),
    0,
  ],
  [
    'relationships counts every orphan against an empty parent',
    column('relationships', 'Last Name', { to: '"public"."Turf Names"', field: 'Name' }),
    3,
  ],
  [
    'relationships passes on an empty table',
    builtIn('relationships', { ...nothing, column: 'email', args: { to: turf, field: 'name' } }),
    0,
  ],
  [
    'relationships takes a SELECT in parentheses for the parent',
    builtIn('relationships', { column: 'turf_id', args: { to: { sql: written('(select 9 as turf_id)') } } }),
    3,
  ],
  ['expression lets NULL pass', expression('age >= 18'), 1],
  ['expression passes', expression('age > 0 and age < 120'), 0],
  ['expression keeps its parts together', expression('age >= 18 or false'), 1],
  ['expression may end in a comment', expression('pledge >= 0 -- never negative'), 1],
  ['expression may name the node', expression('stg_supporters.pledge >= 0'), 1],
  ['expression on a column may begin with an operator', expression('>= 0', 'pledge'), 1],
  ['expression on a column may begin with not', expression("not in ('XX')", 'state'), 1],
  ['expression on a column may be whole', expression('"pledge" >= 0', 'pledge'), 1],
  [
    'expression is not evaluated on rows that its where excludes',
    builtIn('expression', { args: { expression: { sql: written('100 / pledge > 1') } }, where: written('pledge <> 0') }),
    2,
  ],
  ['row_count finds too few', builtIn('row_count', { args: { min: 6 } }), 1],
  ['row_count finds too many', builtIn('row_count', { args: { max: 4 } }), 1],
  ['row_count finds another number', builtIn('row_count', { args: { equals: 4 } }), 1],
  ['row_count passes', builtIn('row_count', { args: { min: 5, max: 5, equals: 5 } }), 0],
  ['row_count counts the rows of its where', builtIn('row_count', { args: { equals: 3 }, where: written('active') }), 0],
  ['row_count counts no rows', builtIn('row_count', { ...nothing, args: { min: 1 } }), 1],
  ['unique_combination finds equal rows', builtIn('unique_combination', { args: { columns: ['email', 'order'] } }), 1],
  ['unique_combination passes', builtIn('unique_combination', { args: { columns: ['email', 'turf_id'] } }), 0],
  ['unique_combination takes NULL as a value', builtIn('unique_combination', { args: { columns: ['email', 'active'] } }), 1],
  ['unique_combination passes on an empty table', builtIn('unique_combination', { ...nothing, args: { columns: ['email', 'state'] } }), 0],
  ['recency passes', column('recency', 'updated_at', { within: '24 hours' }), 0],
  ['recency takes its column as an argument', builtIn('recency', { args: { column: 'updated_at', within: '3 days' } }), 0],
  ['recency fails', builtIn('recency', { column: 'updated_at', args: { within: '24 hours' }, where: written('supporter_id = 3') }), 1],
  ['recency takes dates', column('recency', 'signup', { within: '2 days' }), 0],
  ['recency fails on an empty table', builtIn('recency', { ...nothing, column: 'updated_at', args: { within: '1 day' } }), 1],
  ['not_empty passes', builtIn('not_empty'), 0],
  ['not_empty fails', builtIn('not_empty', nothing), 1],
  ['not_empty looks at the rows of its where', builtIn('not_empty', { where: written('age > 100') }), 1],
  ['a singular test counts its rows', query('select 1 from stg_supporters where pledge < 0 -- refunds'), 1],
  ['a singular test may end in a semicolon', query('select 1 from stg_supporters where pledge < 0; -- refunds'), 1],
  ['a singular test may begin with with', query('with young as (select * from stg_supporters where age < 18) select * from young'), 1],
  ['a singular test may return columns of one name', query('select 1 as n, 2 as n where false'), 0],
]

describe.each(databases)('generic tests on $type', (kind) => {
  const stack = new AsyncDisposableStack()
  let session: Session

  beforeAll(async () => {
    const database = stack.use(await kind.create())
    const warehouse = stack.use(await openWarehouse(database.target, { applicationName: 'sqlflow test' }))
    session = stack.use(await warehouse.acquire())
    await session.run(setup)
  })
  afterAll(() => stack.disposeAsync())

  it.each(cases)('%s', async (_sentence, test, failures) => {
    expect(await failuresOf(session, test)).toBe(failures)
    expect(await countFailingRows(session, test)).toBe(failures)
  })

  it('answers all of them together as it does one by one', async () => {
    const results = await answer(
      session,
      cases.map(([, test]) => test),
    )
    expect(results.map((result) => result.failures)).toEqual(cases.map(([, , failures]) => failures))
  })

  it('asks about a SELECT in parentheses, where nothing is built', async () => {
    const on = { relation: written("(select * from stg_supporters where state = 'PA')"), label: 'pennsylvanians' }
    const tests = [builtIn('not_null', { column: 'email', on }), builtIn('unique', { column: 'state', on })]
    expect((await answer(session, tests)).map((one) => one.failures)).toEqual([1, 1])
  })

  it.each([
    (relation: string) => `select * from ${relation} where email is not null`,
    (relation: string) => `select s.* from ${relation} as s where s.email is not null`,
    (relation: string) =>
      `-- found by email\nwith stg_supporters as (select * from ${relation}) select * from stg_supporters where email is not null`,
    (relation: string) => `with recursive n as (select 1) select * from ${relation} where email is not null`,
  ])('hands a test that the project writes the rows of its where (%#)', async (write) => {
    const { on } = builtIn('not_empty')
    const where = written('age < 18 -- minors')
    const count = async (rows: Rendered | undefined): Promise<number> => {
      const relation = filteredRelation({ on, where: rows, at, dialect })
      return await failuresOf(session, query(write(relation.sql), { on, where: rows }))
    }
    expect([await count(where), await count(undefined)]).toEqual([1, 3])
  })

  it('shows the failing rows of a row-wise test whole, and no more than its limit', async () => {
    const test = builtIn('not_null', { column: 'email', options: { limit: 1 } })
    const { fields, rows } = await session.query(failingRowsSql(test, dialect).sql)
    expect(fields.map((field) => field.name).slice(0, 3)).toEqual(['supporter_id', 'email', 'state'])
    expect(rows.length).toBe(1)
    expect(await failuresOf(session, test)).toBe(2)
  })

  it('shows five failing rows unless told', async () => {
    const test = query('select n from generate_series(1, 9) as n')
    expect((await session.query(failingRowsSql(test, dialect).sql)).rows.length).toBe(5)
    expect((await session.query(failingRowsSql(test, dialect, 7).sql)).rows.length).toBe(7)
  })

  it('shows which value repeats and how often', async () => {
    const { fields, rows } = await session.query(failingRowsSql(column('unique', 'email'), dialect).sql)
    expect(fields.map((field) => field.name)).toEqual(['email', 'occurrences'])
    expect(rows).toEqual([['ben@example.org', '2']])
  })

  it('shows orphans whole', async () => {
    const test = builtIn('relationships', { column: 'turf_id', args: { to: turf } })
    const { rows } = await session.query(failingRowsSql(test, dialect).sql)
    expect(rows.map((row) => row[0])).toEqual(['3'])
  })

  it('shows the figures of a test of the whole relation', async () => {
    const { fields, rows } = await session.query(failingRowsSql(builtIn('row_count', { args: { min: 6 } }), dialect).sql)
    expect(fields.map((field) => field.name)).toEqual(['row_count'])
    expect(rows).toEqual([['5']])
  })

  it('counts the rows that a share is of', async () => {
    const share = { options: { maxFailures: { share: 0.5 } } }
    const tests = [
      builtIn('not_null', { column: 'email', ...share, where: written('active') }),
      builtIn('unique', { column: 'email', ...share }),
      builtIn('relationships', { column: 'turf_id', args: { to: turf }, ...share, where: written('turf_id > 1') }),
    ]
    const results = await answer(session, tests)
    expect(results.map(({ failures, total }) => [failures, total])).toEqual([
      [2, 3],
      [1, 5],
      [1, 2],
    ])
    expect(results.map(describeFailures)).toEqual([
      '2 of 3 rows of `stg_supporters` (where active) have no `email`. At most 50% may fail: 1.',
      '1 value of `email` occurs more than once in `stg_supporters`. At most 50% may fail: 2.',
      '1 of 2 rows of `stg_supporters` (where turf_id > 1) has a `turf_id` that is no `turf_id` of `turf`. At most 50% may fail: 1.',
    ])
  })

  it('keeps failing rows in a table', async () => {
    const { select } = planStoredFailures({ test: column('not_null', 'email'), schema: 'public', dialect })
    await session.run(`create table kept as ${select.sql}`)
    expect((await session.query('select supporter_id from kept order by 1')).rows).toEqual([['4'], [null]])
  })
})
