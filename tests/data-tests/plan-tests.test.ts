import { describe, expect, it } from 'vitest'
import { splitBatch, planTests } from '../../src/data-tests/plan-tests.ts'
import { builtIn, dialect, query, sourceOf, written } from './support.ts'

describe('planTests', () => {
  it('answers the tests of one relation that look at rows in one scan', () => {
    const batches = planTests(
      [
        builtIn('not_null', { column: 'email' }),
        builtIn('accepted_values', { column: 'state', args: { values: ['PA', 'GA', "O'Brien", 1, true, null] } }),
        builtIn('expression', { args: { expression: { sql: written('age >= 18 -- adults') } } }),
        builtIn('expression', { column: 'age', args: { expression: { sql: written('between 0 and 120') } } }),
        builtIn('row_count', { args: { min: 10, max: 2000 } }),
        builtIn('not_empty'),
        builtIn('recency', { args: { column: 'updated_at', within: '24 hours' } }),
      ],
      dialect,
    )
    expect(batches.map((batch) => batch.sql.sql)).toEqual([
      `select
  count(*),
  count(*) filter (where "email" is null),
  count(*) filter (where "state" not in ('PA', 'GA', 'O''Brien', '1', 'true')),
  count(*) filter (where not (age >= 18 -- adults
)),
  count(*) filter (where not ("age" between 0 and 120)),
  case when count(*) < 10 or count(*) > 2000 then 1 else 0 end,
  case when count(*) = 0 then 1 else 0 end,
  case when (max("updated_at") is null or max("updated_at") < now() - interval '24 hours') then 1 else 0 end
from "public"."stg_supporters" as "stg_supporters"`,
    ])
  })

  it('gives unique, relationships and tests that the project writes a statement each', () => {
    const batches = planTests(
      [
        builtIn('unique', { column: 'email' }),
        builtIn('unique_combination', { args: { columns: ['state', 'Turf'] } }),
        builtIn('relationships', { column: 'turf_id', args: { to: '"public"."turf"', field: 'id' } }),
        query('select 1 where false'),
      ],
      dialect,
    )
    expect(batches.map((batch) => batch.sql.sql)).toEqual([
      `select count(*)
from (
select "email", count(*) as "occurrences"
from "public"."stg_supporters" as "stg_supporters" where "email" is not null
group by "email"
having count(*) > 1
) as failing_rows`,
      `select count(*)
from (
select "state", "Turf", count(*) as "occurrences"
from "public"."stg_supporters" as "stg_supporters"
group by "state", "Turf"
having count(*) > 1
) as failing_rows`,
      `select count(*)
from (
select child.*
from (select * from "public"."stg_supporters" as "stg_supporters") as child
where child."turf_id" is not null
  and not exists (select 1 from "public"."turf" as parent where parent."id" = child."turf_id")
) as failing_rows`,
      `select count(*)
from (
select 1 where false
) as failing_rows`,
    ])
  })

  it('counts the rows of the relation where a share of them may fail', () => {
    const unique = builtIn('unique', { column: 'email', where: written('active'), options: { maxFailures: { share: 0.01 } } })
    expect(planTests([unique], dialect)[0]?.sql.sql)
      .toBe(`select count(*), (select count(*) from (select * from "public"."stg_supporters" as "stg_supporters" where (active) offset 0) as "stg_supporters")
from (
select "email", count(*) as "occurrences"
from (select * from "public"."stg_supporters" as "stg_supporters" where (active) offset 0) as "stg_supporters" where "email" is not null
group by "email"
having count(*) > 1
) as failing_rows`)
  })

  it('narrows the scan to a where that every test has', () => {
    const where = written("state = 'PA'")
    const batches = planTests([builtIn('not_null', { column: 'email', where }), builtIn('not_null', { column: 'phone', where })], dialect)
    expect(batches.map((batch) => batch.sql.sql)).toEqual([
      `select
  count(*),
  count(*) filter (where "email" is null),
  count(*) filter (where "phone" is null)
from (select * from "public"."stg_supporters" as "stg_supporters" where (state = 'PA') offset 0) as "stg_supporters"`,
    ])
  })

  it('counts tests with different wheres in one scan, over the rows that any of them wants', () => {
    const batches = planTests(
      [
        builtIn('not_null', { column: 'email', where: written('active') }),
        builtIn('row_count', { where: written("state = 'PA'"), args: { equals: 3 } }),
      ],
      dialect,
    )
    expect(batches.map((batch) => batch.sql.sql)).toEqual([
      `select
  count(case when (active) then 1 end),
  count(case when (state = 'PA') then 1 end),
  count(*) filter (where case when (active) then "email" is null end),
  case when count(case when (state = 'PA') then 1 end) <> 3 then 1 else 0 end
from "public"."stg_supporters" as "stg_supporters"
where (active) or (state = 'PA')`,
    ])
  })

  it('keeps relations apart, and tests in the order of their batches', () => {
    const turf = { relation: '"public"."turf"', label: 'turf' }
    const tests = [builtIn('not_null', { column: 'email' }), builtIn('not_null', { column: 'turf_id', on: turf }), builtIn('not_empty')]
    expect(planTests(tests, dialect).map((batch) => batch.tests.map((test) => test.name))).toEqual([
      ['not_null_email', 'not_empty_'],
      ['not_null_turf_id'],
    ])
  })

  it('splits a scan that would be wider than a select list can be', () => {
    const tests = Array.from({ length: 1000 }, (_, index) => builtIn('not_null', { column: `answer_${index}` }))
    expect(planTests(tests, dialect).map((batch) => batch.tests.length)).toEqual([400, 400, 200])
  })

  it('asks the tests of a batch one by one when it is split', () => {
    const [batch] = planTests([builtIn('not_null', { column: 'email' }), builtIn('not_empty')], dialect)
    expect(splitBatch(batch!, dialect).map((one) => one.sql.sql)).toEqual([
      `select
  count(*),
  count(*) filter (where "email" is null)
from "public"."stg_supporters" as "stg_supporters"`,
      `select
  count(*),
  case when count(*) = 0 then 1 else 0 end
from "public"."stg_supporters" as "stg_supporters"`,
    ])
  })

  it('leads each part of a shared statement to the test that it belongs to', () => {
    const phone = { file: 'models/stg_supporters.sql', start: 55, end: 63 }
    const tests = [
      builtIn('not_null', { column: 'email' }),
      builtIn('expression', { args: { expression: { sql: written('agee >= 18', 200) } } }),
      builtIn('not_null', { column: 'phone', at: phone }),
    ]
    const { sql } = planTests(tests, dialect)[0]!
    expect(sourceOf(sql, sql.sql.indexOf('"email"'))).toEqual({ file: 'models/stg_supporters.sql', start: 10 })
    expect(sourceOf(sql, sql.sql.indexOf('>= 18'))).toEqual({ file: 'models/stg_supporters.sql', start: 205 })
    expect(sourceOf(sql, sql.sql.indexOf('"phone"'))).toEqual({ file: 'models/stg_supporters.sql', start: 55 })
    expect(sql.pieces.every((piece, index) => index === 0 || piece.at > sql.pieces[index - 1]!.at)).toBe(true)
  })
})
