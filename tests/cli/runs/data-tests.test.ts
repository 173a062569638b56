import { describe, expect, it } from 'vitest'
import { statusesOf, steady, warehouses } from '../../support/cli.ts'

const seed = `supporter_id,name,phone,state,cents
1,Ana Ruiz,555-0101,PA,2500
2,Bo Chen,555-0102,XX,100
3,Cy O'Neil,,GA,
4,Di Park,555-0104,YY,700
4,Ed Moss,,ZZ,-5
6,Flo Hart,,,-7
7,Gus Lund,,PA,-9
8,Hal Marsh,,PA,-1
9,Ida Boon,,PA,-3
`

describe.each(warehouses)('data tests on $type', ({ create }) => {
  it('show five failing rows without sensitive values, keep the rows on request, and gate what is below', async () => {
    await using project = await create({
      files: {
        'seeds/raw_supporters.csv': seed,
        'models/stg_supporters.sql': `/*---
columns:
  supporter_id:
    tests: [unique, { not_null: { severity: warn } }]
  phone:
    sensitive: true
    tests:
      - not_null: { severity: warn, store_failures: true, limit: 2 }
  state:
    tests:
      - accepted_values: { values: [PA, GA], warn_if: "> 2", error_if: "> 3" }
  cents:
    tests:
      - not_null: { max_failures: 20% }
      - expression: ">= 0"
---*/
select * from {{ref 'raw_supporters'}}
`,
        'models/donors.sql': "select * from {{ref 'stg_supporters'}} where cents > 0\n",
        'tests/phones_are_known.sql': `/*---
severity: warn
---*/
select phone, max(name) as name from {{ref 'stg_supporters'}} where phone is not null group by phone;
`,
      },
    })
    const { exitCode, stdout, stderr } = await project.run(['build', '--threads', '1'])
    expect(exitCode).toBe(1)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 10 nodes
      ✓ seed    analytics.raw_supporters                     9 rows, N ms
      ✓ view    analytics.stg_supporters                     N ms
      ! test    accepted_values_stg_supporters_state         3 of 9 rows of \`stg_supporters\` have a \`state\` that is not one of PA, GA, N ms
          supporter_id  name     phone  state  cents
          ────────────  ───────  ─────  ─────  ─────
          2             Bo Chen  ***    XX     100
          4             Di Park  ***    YY     700
          4             Ed Moss  null   ZZ     -5
      ✗ test    expression_stg_supporters_cents              5 of 9 rows of \`stg_supporters\` break \`cents >= 0\`, N ms
          supporter_id  name       phone  state  cents
          ────────────  ─────────  ─────  ─────  ─────
          4             Ed Moss    null   ZZ     -5
          6             Flo Hart   null   null   -7
          7             Gus Lund   null   PA     -9
          8             Hal Marsh  null   PA     -1
          9             Ida Boon   null   PA     -3
      ✓ test    not_null_stg_supporters_cents                N ms
      ! test    not_null_stg_supporters_phone                6 of 9 rows of \`stg_supporters\` have no \`phone\`, N ms
          supporter_id  name       phone  state  cents
          ────────────  ─────────  ─────  ─────  ─────
          3             Cy O'Neil  null   GA     null
          4             Ed Moss    null   ZZ     -5
      ✓ test    not_null_stg_supporters_supporter_id         N ms
      ! test    phones_are_known                             \`phones_are_known\` found 3 failing rows, N ms
          phone  name
          ─────  ────────
          ***    Ana Ruiz
          ***    Bo Chen
          ***    Di Park
      ✗ test    unique_stg_supporters_supporter_id           1 value of \`supporter_id\` occurs more than once in \`stg_supporters\`, N ms
          supporter_id  occurrences
          ────────────  ───────────
          4             2
      - model   donors                                       skipped: test expression_stg_supporters_cents failed
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 seed loaded, 1 model built, 2 tests passed, 3 tests warned, 2 failed, 1 skipped.
      Failed
        test expression_stg_supporters_cents (models/stg_supporters.sql): 5 of 9 rows of \`stg_supporters\` break \`cents >= 0\`.
        test unique_stg_supporters_supporter_id (models/stg_supporters.sql): 1 value of \`supporter_id\` occurs more than once in \`stg_supporters\`.
      Warnings
        test accepted_values_stg_supporters_state (models/stg_supporters.sql): 3 of 9 rows of \`stg_supporters\` have a \`state\` that is not one of PA, GA.
        test not_null_stg_supporters_phone (models/stg_supporters.sql): 6 of 9 rows of \`stg_supporters\` have no \`phone\`.
        test phones_are_known (tests/phones_are_known.sql): \`phones_are_known\` found 3 failing rows.
      Skipped
        1 node: test expression_stg_supporters_cents failed
      Failing rows are kept in
        analytics_failures.not_null_stg_supporters_phone
      Next
        sqlflow build stg_supporters+  once it is mended: it, and what was skipped below
        target/dev/                    compiled SQL, run_results.json, manifest.json
      "
    `)
    expect(await project.query('select count(*) from analytics_failures.not_null_stg_supporters_phone')).toEqual([['2']])
    expect(await project.query(`select count(*) from pg_class where relname = 'donors'`)).toEqual([['0']])
    const shown = await project.run(['show', 'stg_supporters', '--limit', '2'])
    expect(shown.stdout).toMatchInlineSnapshot(`
      "supporter_id  name      phone  state  cents
      ────────────  ────────  ─────  ─────  ─────
                 1  Ana Ruiz  ***    PA      2500
                 2  Bo Chen   ***    XX       100
      "
    `)
    const asked = await project.run([
      'show',
      '--inline',
      "select phone as phone_number, phone from {{ref 'stg_supporters'}} order by 1",
      '--limit',
      '1',
      '--format',
      'csv',
    ])
    expect(asked.stdout).toBe('phone_number,phone\n***,***\n')
  })

  it('name the culprit of a statement that several share', async () => {
    await using project = await create({
      files: {
        'seeds/raw_supporters.csv': seed,
        'models/stg_supporters.yml': `models:
  stg_supporters:
    columns:
      supporter_id: { tests: [not_null] }
      cents:
        tests:
          - not_null: { where: "state = 'PA' and pledged" }
          - expression: "{{column}}::text::integer > -100"
          - expression: "1 / ({{column}} - {{column}}) = 1"
            name: cents_divide
`,
        'models/stg_supporters.sql': "select * from {{ref 'raw_supporters'}}\n",
      },
    })
    const { exitCode, stderr } = await project.run(['build', '--threads', '1'])
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 6 nodes
      ✓ seed    analytics.raw_supporters                     9 rows, N ms
      ✓ view    analytics.stg_supporters                     N ms
      ✗ test    cents_divide                                 failed, N ms
          models/stg_supporters.yml:9:13 error[warehouse-error 22012]: division by zero
            8 |           - expression: "{{column}}::text::integer > -100"
            9 |           - expression: "1 / ({{column}} - {{column}}) = 1"
              |             ^^^^^^^^^^
      ✓ test    expression_stg_supporters_cents              N ms
      ✗ test    not_null_stg_supporters_cents                failed, N ms
          models/stg_supporters.yml:7:50 error[warehouse-error 42703]: column "pledged" does not exist
            6 |         tests:
            7 |           - not_null: { where: "state = 'PA' and pledged" }
              |                                                  ^^^^^^^
            hint: \`stg_supporters\` has no such column: compare the test with the relation's columns.
      ✓ test    not_null_stg_supporters_supporter_id         N ms
      "
    `)
    expect(exitCode).toBe(1)
  })

  it('whose failing rows cannot be kept fail alone', async () => {
    await using project = await create({
      files: {
        'models/turf.sql': `/*---
columns:
  turf_id:
    tests:
      - accepted_values: { values: [2], store_failures: true }
      - not_null
      - unique
---*/
select 1 as turf_id
`,
      },
    })
    await project.query(
      'create schema analytics_failures; create table analytics_failures.accepted_values_turf_turf_id as select 1 as theirs',
    )
    const { exitCode, stderr } = await project.run(['build', '--threads', '1'])
    expect(exitCode).toBe(1)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 4 nodes
      ✓ view    analytics.turf                               N ms
      ✗ test    accepted_values_turf_turf_id                 failed, N ms
          error[not-ours]: analytics_failures.accepted_values_turf_turf_id is a table of the role postgres. This project did not build it, so it is not replaced.
            hint: Rename or drop it, or give the test another name.
      ✓ tests   analytics.turf                               2 tests passed, N ms
      "
    `)
  })

  it('run alone on what is built, and by selector', async () => {
    await using project = await create({
      files: {
        'seeds/raw_supporters.csv': seed,
        'models/stg_supporters.sql': `/*---
columns:
  supporter_id: { tests: [not_null] }
  name: { tests: [unique] }
---*/
select * from {{ref 'raw_supporters'}}
`,
      },
    })
    const early = await project.run(['test'])
    expect(early.exitCode).toBe(1)
    expect(steady(early.stderr)).toMatchInlineSnapshot(`
      "sqlflow V test of field on dev: 2 nodes
      ✗ test    not_null_stg_supporters_supporter_id         failed, N ms
          models/stg_supporters.sql:3:27 error[warehouse-error 42P01]: relation "analytics.stg_supporters" does not exist
            2 | columns:
            3 |   supporter_id: { tests: [not_null] }
              |                           ^^^^^^^^
            hint: \`stg_supporters\` is not built on this target yet: \`sqlflow build +stg_supporters\` builds it, with all that it reads.
      ✗ test    unique_stg_supporters_name                   failed, N ms
          models/stg_supporters.sql:4:19 error[warehouse-error 42P01]: relation "analytics.stg_supporters" does not exist
            3 |   supporter_id: { tests: [not_null] }
            4 |   name: { tests: [unique] }
              |                   ^^^^^^
            hint: \`stg_supporters\` is not built on this target yet: \`sqlflow build +stg_supporters\` builds it, with all that it reads.
      "
    `)
    await project.run(['run', 'stg_supporters'])
    await project.run(['seed'])
    await project.run(['run'])
    const all = await project.run(['test', '--json'])
    expect(statusesOf(all.stdout)).toEqual(['success test:not_null_stg_supporters_supporter_id', 'success test:unique_stg_supporters_name'])
    const one = await project.run(['test', '-s', 'test_name:unique', '--json'])
    expect(statusesOf(one.stdout)).toEqual(['success test:unique_stg_supporters_name'])
  })
})
