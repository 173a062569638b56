import { describe, expect, it } from 'vitest'
import { describeFailures } from '../../src/data-tests/describe-failures.ts'
import { fitName } from '../../src/dialects/fit-name.ts'
import { allFailingRowsSql } from '../../src/data-tests/failing-rows.ts'
import { maskSample } from '../../src/data-tests/mask-sample.ts'
import { planStoredFailures } from '../../src/data-tests/store-failures.ts'
import { builtIn, dialect, query, written } from './support.ts'

describe('describeFailures', () => {
  it.each([
    [builtIn('not_null', { column: 'email' }), 3, 1204, '3 of 1,204 rows of `stg_supporters` have no `email`.'],
    [builtIn('not_null', { column: 'email' }), 1, 1204, '1 of 1,204 rows of `stg_supporters` has no `email`.'],
    [
      builtIn('not_null', { column: 'email', where: written('active\n  and age > 18') }),
      2,
      5,
      '2 of 5 rows of `stg_supporters` (where active and age > 18) have no `email`.',
    ],
    [builtIn('unique', { column: 'email' }), 1, null, '1 value of `email` occurs more than once in `stg_supporters`.'],
    [builtIn('unique', { column: 'email' }), 2000, null, '2,000 values of `email` occur more than once in `stg_supporters`.'],
    [
      builtIn('unique_combination', { args: { columns: ['state', 'precinct'] } }),
      2,
      null,
      '2 combinations of `state`, `precinct` occur more than once in `stg_supporters`.',
    ],
    [
      builtIn('accepted_values', { column: 'state', args: { values: ['PA', 'GA'] } }),
      3,
      10,
      '3 of 10 rows of `stg_supporters` have a `state` that is not one of PA, GA.',
    ],
    [
      builtIn('accepted_values', { column: 'tier', args: { values: Array.from({ length: 12 }, (_, tier) => tier) } }),
      3,
      10,
      '3 of 10 rows of `stg_supporters` have a `tier` that is not one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more.',
    ],
    [
      builtIn('relationships', { column: 'turf_id', args: { to: '"analytics"."Turf ""A"""', field: 'id' } }),
      3,
      null,
      '3 rows of `stg_supporters` have a `turf_id` that is no `id` of `Turf "A"`.',
    ],
    [
      builtIn('relationships', { column: 'turf_id', args: { to: '(select 1 as "turf_id")' } }),
      1,
      null,
      '1 row of `stg_supporters` has a `turf_id` that is no `turf_id` of the related model.',
    ],
    [
      builtIn('expression', { column: 'pledge', args: { expression: { sql: written('>= 0') } } }),
      3,
      10,
      '3 of 10 rows of `stg_supporters` break `pledge >= 0`.',
    ],
    [
      builtIn('row_count', { args: { min: 1000, max: 9000 } }),
      1,
      12,
      '`stg_supporters` has 12 rows; it should have at least 1,000 and at most 9,000.',
    ],
    [builtIn('row_count', { args: { equals: 0 } }), 1, 1, '`stg_supporters` has 1 row; it should have exactly 0.'],
    [builtIn('not_empty'), 1, 0, '`stg_supporters` has no rows.'],
    [
      builtIn('recency', { column: 'updated_at', args: { within: '24 hours' } }),
      1,
      3,
      '`stg_supporters` has no `updated_at` within the last 24 hours.',
    ],
    [query('select 1'), 1, null, '`no_shift_without_event` found 1 failing row.'],
    [
      query('select 1', { options: { maxFailures: 1000 } }),
      1001,
      null,
      '`no_shift_without_event` found 1,001 failing rows. At most 1,000 may fail.',
    ],
  ])('says why a test fails (%#)', (test, failures, total, message) => {
    expect(describeFailures({ test, failures, total })).toBe(message)
  })
})

describe('failing rows', () => {
  it('are a SELECT that a person can run', () => {
    const test = builtIn('accepted_values', { column: 'state', args: { values: ['PA'] }, where: written('active') })
    expect(allFailingRowsSql(test, dialect).sql).toBe(`select *
from (select * from "public"."stg_supporters" as "stg_supporters" where (active) offset 0) as "stg_supporters"
where "state" not in ('PA')`)
  })

  it('call the count by another name where a key has its name', () => {
    const test = builtIn('unique', { column: 'Occurrences' })
    expect(allFailingRowsSql(test, dialect).sql).toContain('count(*) as "occurrences_"')
  })
})

describe('planStoredFailures', () => {
  it('keeps them beside the target, in a table of the name of the test', () => {
    const test = builtIn('not_null', { column: 'email', name: 'not_null_stg_supporters_email' })
    expect(planStoredFailures({ test, schema: 'dev_ana', dialect }).relation).toEqual({
      schema: 'dev_ana_failures',
      name: 'not_null_stg_supporters_email',
    })
  })

  it('keeps all of them, or as many as the limit of the test', () => {
    const limited = builtIn('not_null', { column: 'email', options: { limit: 50 } })
    const rows = 'select *\nfrom "public"."stg_supporters" as "stg_supporters"\nwhere "email" is null'
    expect(planStoredFailures({ test: builtIn('not_null', { column: 'email' }), schema: 'dev_ana', dialect }).select.sql).toBe(rows)
    expect(planStoredFailures({ test: limited, schema: 'dev_ana', dialect }).select.sql).toBe(
      `select * from (\n${rows}\n) as failing_rows\nlimit 50`,
    )
  })
})

describe('fitName', () => {
  it('keeps a name that fits', () => {
    expect(fitName('x'.repeat(63), 63)).toBe('x'.repeat(63))
  })

  it('cuts a longer one between characters, and tells names apart by their hash', () => {
    const first = fitName(`${'ü'.repeat(40)}a`, 63)
    const second = fitName(`${'ü'.repeat(40)}b`, 63)
    expect(first).toMatch(/^ü{27}_[0-9a-f]{8}$/)
    expect(second).not.toBe(first)
  })
})

describe('maskSample', () => {
  const fields = [{ name: 'supporter_id' }, { name: 'Phone' }, { name: 'min_phone' }, { name: 'phone_digits' }, { name: 'phones' }]

  it('hides values of sensitive columns and of names made from them, and keeps NULL', () => {
    expect(maskSample({ fields, rows: [['1', '555-0100', '555-0100', null, '2']], sensitive: new Set(['phone']) })).toEqual({
      columns: ['supporter_id', 'Phone', 'min_phone', 'phone_digits', 'phones'],
      rows: [['1', '***', '***', null, '2']],
    })
  })

  it('shows everything where nothing is sensitive', () => {
    expect(maskSample({ fields, rows: [['1', '2', '3', '4', null]], sensitive: [] }).rows).toEqual([['1', '2', '3', '4', null]])
  })
})
