import { describe, expect, it } from 'vitest'
import { steady, warehouses, type Files } from '../../support/cli.ts'

const supporters: Files = {
  'seeds/raw_supporters.csv': 'supporter_id,name,phone\n1,Ana Ruiz,555-0101\n2,Bo Chen,555-0102\n',
}

describe.each(warehouses)('a failing model on $type', ({ create }) => {
  it('is located, through macros, in YAML and by the identifier that is named; what is below is skipped, siblings go on', async () => {
    await using project = await create({
      files: {
        ...supporters,
        'macros/last_digits.sql': `/*---
args:
  column: { type: sql }
---*/
right({{column}}, 4)
`,
        'macros/call_label.sql': `/*---
args:
  column: { type: sql }
---*/
fullname || ' ' ||
  {{last_digits column}}
`,
        'models/stg_supporters.sql': "select supporter_id, name, phone\nfrom {{ref 'raw_supporters'}}\n",
        'models/call_list.sql': "select supporter_id,\n  {{call_label 'phone'}} as label\nfrom {{ref 'stg_supporters'}}\n",
        'models/call_sheet.sql': "select * from {{ref 'call_list'}}\n",
        'models/call_pages.sql': "select count(*) / 20 as pages from {{ref 'call_sheet'}}\n",
        'models/halves.sql': `/*---
materialized: table
---*/
select supporter_id, 1 / (supporter_id - 1) as share from {{ref 'stg_supporters'}}
`,
        'models/digits.sql': `/*---
materialized: table
---*/
select phone::integer as digits from {{ref 'stg_supporters'}}
`,
        'models/twins.sql': `/*---
materialized: table
columns:
  supporter_id: { description: Primary key. }
indexes:
  - { columns: [region] }
---*/
select supporter_id from {{ref 'stg_supporters'}}
`,
        'models/labels.sql': `/*---
materialized: table
---*/
select supporter_id, {{missing_digits}} as digits
from {{ref 'stg_supporters'}}
`,
        'macros/missing_digits.sql': "(select phone from {{ref 'stg_supporters'}} where\n  digits = supporter_id limit 1)\n",
        'models/names.sql': "select name from {{ref 'stg_supporters'}}\n",
        'exports/call_sheet.yml': 'from: call_sheet\nto:\n  csv: { path: call_sheet.csv }\n',
        'exports/phones.yml': "query: |\n  select phone,\n    fone from {{ref 'stg_supporters'}}\nto:\n  csv: { path: phones.csv }\n",
      },
    })
    const { exitCode, stdout, stderr } = await project.run(['build', '--threads', '1'])
    expect(exitCode).toBe(1)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 12 nodes
      ✓ seed    analytics.raw_supporters                     2 rows, N ms
      ✓ view    analytics.stg_supporters                     N ms
      ✗ view    analytics.call_list                          failed, N ms
          macros/call_label.sql:5:1 error[warehouse-error 42703]: column "fullname" does not exist
            4 | ---*/
            5 | fullname || ' ' ||
              | ^^^^^^^^
            called from models/call_list.sql:2:5
      - model   call_sheet                                   skipped: model call_list failed
      ✗ table   analytics.digits                             failed, N ms
          error[warehouse-error 22P02]: invalid input syntax for type integer: "…"
            hint: The value is left out: it may be one of a row. The warehouse does not say where; the SQL that it ran stands in target/dev/compiled/models/digits.sql.
      ✗ table   analytics.halves                             failed, N ms
          error[warehouse-error 22012]: division by zero
            hint: The warehouse does not say where; the SQL that it ran stands in target/dev/compiled/models/halves.sql.
      ✗ table   analytics.labels                             failed, N ms
          macros/missing_digits.sql:2:3 error[warehouse-error 42703]: column "digits" does not exist
            1 | (select phone from {{ref 'stg_supporters'}} where
            2 |   digits = supporter_id limit 1)
              |   ^^^^^^
            called from models/labels.sql:4:24
      ✓ view    analytics.names                              N ms
      ✗ csv     phones.csv                                   failed, N ms
          exports/phones.yml:3:5 error[warehouse-error 42703]: column "fone" does not exist
            2 |   select phone,
            3 |     fone from {{ref 'stg_supporters'}}
              |     ^^^^
            hint: Perhaps you meant to reference the column "stg_supporters.phone".
      ✗ table   analytics.twins                              failed, N ms
          models/twins.sql:6:17 error[warehouse-error 42703]: column "region" does not exist
            5 | indexes:
            6 |   - { columns: [region] }
              |                 ^^^^^^
            hint: The columns that the configuration describes, indexes, sorts or distributes by must be columns of the SELECT.
      - model   call_pages                                   skipped: model call_list failed
      - export  call_sheet                                   skipped: model call_list failed
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 seed loaded, 2 models built, 6 failed, 3 skipped.
      Failed
        model call_list (macros/call_label.sql:5:1): column "fullname" does not exist
        model digits (models/digits.sql): invalid input syntax for type integer: "…"
        model halves (models/halves.sql): division by zero
        model labels (macros/missing_digits.sql:2:3): column "digits" does not exist
        export phones (exports/phones.yml:3:5): column "fone" does not exist
        model twins (models/twins.sql:6:17): column "region" does not exist
      Skipped
        3 nodes: model call_list failed
      Next
        sqlflow build call_list+  once it is mended: it, and what was skipped below
        target/dev/               compiled SQL, run_results.json, manifest.json
      "
    `)
    expect(await project.query('select name from analytics.names')).toEqual([['Ana Ruiz'], ['Bo Chen']])
    expect(await project.query(`select relname from pg_class where relname ~ '__(new|old)_'`)).toEqual([])
  })

  it('names the key that the rows repeat', async () => {
    const twins = (config: string): string =>
      `/*---\nmaterialized: table\n${config}\n---*/\nselect 1 as supporter_id, 'PA' as state from {{ref 'raw_supporters'}}\n`
    await using project = await create({
      files: {
        ...supporters,
        'models/by_key.sql': twins('primary_key: [supporter_id, state]'),
        'models/by_index.sql': twins('indexes: [{ columns: [supporter_id], unique: true }]'),
      },
    })
    const { stderr } = await project.run(['build', '--threads', '1'])
    expect(steady(stderr).replaceAll(/_[0-9a-f]{8}"/g, '_N"')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 3 nodes
      ✓ seed    analytics.raw_supporters                     2 rows, N ms
      ✗ table   analytics.by_index                           failed, N ms
          error[warehouse-error 23505]: could not create unique index "by_index_supporter_id_N"
            hint: Several rows have the same values in the unique index (supporter_id): make the SELECT yield each once, or correct the key.
      ✗ table   analytics.by_key                             failed, N ms
          error[warehouse-error 23505]: could not create unique index "by_key_pkey_N"
            hint: Several rows have the same values in the primary key (supporter_id, state): make the SELECT yield each once, or correct the key.
      "
    `)
  })

  it('advises a command that a shell reads as it stands', async () => {
    await using project = await create({
      files: { ...supporters, "models/Ana's list.sql": "select no_such_column from {{ref 'raw_supporters'}}\n" },
    })
    const { stdout } = await project.run(['build'])
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 seed loaded, 1 failed.
      Failed
        model Ana's list (models/Ana's list.sql:1:8): column "no_such_column" does not exist
      Next
        sqlflow build 'Ana?s?list+'  once it is mended: it, and what was skipped below
        target/dev/                  compiled SQL, run_results.json, manifest.json
      "
    `)
    const { stdout: again } = await project.run(['build', 'Ana?s?list+'])
    expect(steady(again)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 failed.
      Failed
        model Ana's list (models/Ana's list.sql:1:8): column "no_such_column" does not exist
      Next
        sqlflow build 'Ana?s?list+'  once it is mended: it, and what was skipped below
        target/dev/                  compiled SQL, run_results.json, manifest.json
      "
    `)
  })

  it('starts nothing more with --fail-fast', async () => {
    await using project = await create({
      files: {
        ...supporters,
        'models/z_broken.sql': "select phone::integer as digits from {{ref 'raw_supporters'}} where no_such_column\n",
        'models/b_names.sql': "select name from {{ref 'raw_supporters'}}\n",
      },
    })
    const { exitCode, stdout, stderr } = await project.run(['build', '--threads', '1', '--fail-fast'])
    expect(exitCode).toBe(1)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 3 nodes
      ✓ seed    analytics.raw_supporters                     2 rows, N ms
      ✓ view    analytics.b_names                            N ms
      ✗ view    analytics.z_broken                           failed, N ms
          models/z_broken.sql:1:69 error[warehouse-error 42703]: column "no_such_column" does not exist
            1 | select phone::integer as digits from {{ref 'raw_supporters'}} where no_such_column
              |                                                                     ^^^^^^^^^^^^^^
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 1 seed loaded, 1 model built, 1 failed.
      Failed
        model z_broken (models/z_broken.sql:1:69): column "no_such_column" does not exist
      Next
        sqlflow build z_broken+  once it is mended: it, and what was skipped below
        target/dev/              compiled SQL, run_results.json, manifest.json
      "
    `)
  })
})
