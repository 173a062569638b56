import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { readSheet } from 'read-excel-file/node'
import path from 'node:path'
import { createProject, outcomesOf, statusesOf, steady, everyWarehouse } from '../../support/cli.ts'

const files = {
  'seeds/raw_turf.csv': 'turf_id,precinct,region\n1,01,North\n2,11E1,South\n3,"001 Harbins A",North\n',
  'models/turf_list.sql': `/*---
materialized: table
columns:
  turf_id: { tests: [unique] }
---*/
select turf_id, precinct, region from {{ref 'raw_turf'}}
`,
  'exports/turf.yml': `from: turf_list
order_by: [turf_id]
columns:
  precinct: { title: Precinct }
  region: Region
to:
  csv: { path: out/turf.csv }
guards: { min_rows: 2, max_shrink: 50% }
`,
  'exports/turf_lines.yml': 'from: turf_list\norder_by: [turf_id]\nto:\n  jsonl: { path: out/turf.jsonl }\n',
  'exports/turf_sheet.sql': `/*---
to:
  xlsx: { path: out/turf.xlsx }
---*/
select region, count(*) as turfs from {{ref 'turf_list'}} group by region order by region
`,
}

describe.each(everyWarehouse)('exports on $type', ({ create }) => {
  it('reach their files where the target is live, and stay as they are when a guard refuses', async () => {
    await using project = await create({ files, target: 'exports: live' })
    const { exitCode, stderr, stdout } = await project.run(['build', '--threads', '1'])
    expect(exitCode).toBe(0)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 6 nodes
      ✓ seed    analytics.raw_turf                           3 rows, N ms
      ✓ table   analytics.turf_list                          3 rows, N ms
      ✓ test    unique_turf_list_turf_id                     N ms
      ✓ csv     out/turf.csv                                 3 rows, N ms
      ✓ jsonl   out/turf.jsonl                               3 rows, N ms
      ✓ xlsx    out/turf.xlsx                                2 rows, N ms
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Done in N ms: 1 seed loaded, 1 model built, 1 test passed, 3 exports written.
      Exports
        out/turf.csv: 3 rows
        out/turf.jsonl: 3 rows
        out/turf.xlsx: 2 rows
      Next
        sqlflow show turf_list    its rows
        sqlflow graph +turf_list  what it is made from
        target/dev/               compiled SQL, run_results.json, manifest.json
      "
    `)
    const csv = 'Precinct,Region\n01,North\n11E1,South\n001 Harbins A,North\n'
    expect(project.read('out/turf.csv')).toBe(csv)
    expect(project.read('out/turf.jsonl')).toBe(
      '{"turf_id":1,"precinct":"01","region":"North"}\n{"turf_id":2,"precinct":"11E1","region":"South"}\n{"turf_id":3,"precinct":"001 Harbins A","region":"North"}\n',
    )
    expect(await readSheet(path.join(project.root, 'out/turf.xlsx'))).toEqual([
      ['region', 'turfs'],
      ['North', 2],
      ['South', 1],
    ])

    project.write({ 'seeds/raw_turf.csv': 'turf_id,precinct,region\n1,01,North\n' })
    const guarded = await project.run(['build', '-x', 'turf_lines', 'turf_sheet'])
    expect(guarded.exitCode).toBe(1)
    expect(steady(guarded.stderr)).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 4 nodes
      ✓ seed    analytics.raw_turf                           1 row, N ms
      ✓ table   analytics.turf_list                          1 row, N ms
      ✓ test    unique_turf_list_turf_id                     N ms
      ✗ csv     out/turf.csv                                 failed, N ms
          exports/turf.yml:1:1 error[export-guard]: The export \`turf\` has 1 row; its guard \`min_rows\` asks for 2.
            1 | from: turf_list
              | ^
            hint: What was exported before stands unchanged. Look upstream, or lower the guard.
      "
    `)
    expect(project.read('out/turf.csv')).toBe(csv)

    project.write({ 'seeds/raw_turf.csv': 'turf_id,precinct,region\n1,01,North\n1,02,North\n' })
    const untested = await project.run(['build', '--threads', '1', '--json'])
    expect(untested.exitCode).toBe(1)
    expect(statusesOf(untested.stdout).toSorted()).toEqual([
      'fail test:unique_turf_list_turf_id',
      'skipped export:turf',
      'skipped export:turf_lines',
      'skipped export:turf_sheet',
      'success model:turf_list',
      'success seed:raw_turf',
    ])
    expect(project.read('out/turf.csv')).toBe(csv)

    const tested = await project.run(['export', 'turf', '--json'])
    expect(tested.exitCode).toBe(1)
    expect(statusesOf(tested.stdout)).toEqual(['fail test:unique_turf_list_turf_id', 'skipped export:turf'])
    const forced = await project.run(['export', 'turf', '--no-tests', '--json'])
    expect(forced.exitCode).toBe(0)
    expect(statusesOf(forced.stdout)).toEqual(['success export:turf'])
    expect(project.read('out/turf.csv')).toBe('Precinct,Region\n01,North\n02,North\n')
  })

  it('are previews where the target does not say, and nothing where it says off', async () => {
    await using project = await create({ files })
    await project.run(['build', '-x', 'turf_lines', 'turf_sheet'])
    expect(project.read('target/dev/exports/out/turf.csv')).toBe('Precinct,Region\n01,North\n11E1,South\n001 Harbins A,North\n')
    expect(project.read('out/turf.csv')).toBe(undefined)
    project.write({ 'sqlflow.yml': project.read('sqlflow.yml')!.replace('schema: analytics', 'schema: analytics, exports: off') })
    const { exitCode, stderr, stdout } = await project.run(['export', 'turf'])
    expect(exitCode).toBe(0)
    expect(steady(stderr)).toMatchInlineSnapshot(`
      "sqlflow V export of field on dev: 2 nodes
      ✓ test    unique_turf_list_turf_id                     N ms
      - csv     out/turf.csv                                 skipped: target \`dev\` says \`exports: off\`
      "
    `)
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "
      Done in N ms: 1 test passed, 1 skipped.
      Skipped
        1 node: target \`dev\` says \`exports: off\`
      Next
        target/dev/  compiled SQL, run_results.json, manifest.json
      "
    `)
  })
})

describe.each(everyWarehouse)('columns of exports on $type', ({ create }) => {
  const chain = {
    'seeds/raw_turf.csv': 'turf_id,precinct,region\n1,01,North\n',
    'models/stg_turf.sql': "select turf_id, precinct, region from {{ref 'raw_turf'}}\n",
    'models/turf_list.sql': "/*---\nmaterialized: table\n---*/\nselect * from {{ref 'stg_turf'}}\n",
    'exports/turf.yml': 'from: turf_list\ncolumns:\n  precinct: Precinct\n  region: Region\nto:\n  csv: { path: turf.csv }\n',
  }

  it('are checked before the first swap, against what this run would build', async () => {
    await using project = await create({ files: chain })
    expect((await project.run(['build'])).exitCode).toBe(0)
    project.write({
      'seeds/raw_turf.csv': 'turf_id,precinct,region\n2,02,South\n',
      'models/stg_turf.sql': "select turf_id, precinct, region as region_name from {{ref 'raw_turf'}}\n",
    })
    const refused = await project.run(['build'])
    expect({ exitCode: refused.exitCode, stderr: refused.stderr.replace(/^sqlflow .*\n/, '') }).toEqual({
      exitCode: 2,
      stderr: `exports/turf.yml:4:3 error[unknown-export-column]: What is exported has no column \`region\`.
  3 |   precinct: Precinct
  4 |   region: Region
    |   ^^^^^^
  hint: Its columns are \`turf_id\`, \`precinct\`, \`region_name\`.

1 error
`,
    })
    expect(await project.query('select * from analytics.raw_turf')).toEqual([['1', '01', 'North']])
    project.write({ 'exports/turf.yml': chain['exports/turf.yml'].replace('region:', 'region_name:') })
    expect((await project.run(['build'])).exitCode).toBe(0)
    expect(project.read('target/dev/exports/turf.csv')).toBe('Precinct,Region\n02,South\n')
  })

  it('that depend on what does not exist yet are checked once it is built', async () => {
    await using project = await create({
      files: { ...chain, 'exports/turf.yml': chain['exports/turf.yml'].replace('region:', 'regions:') },
    })
    const { exitCode, stdout } = await project.run(['build', '--threads', '1', '--json'])
    expect(exitCode).toBe(1)
    expect(statusesOf(stdout)).toEqual(['success seed:raw_turf', 'success model:stg_turf', 'success model:turf_list', 'error export:turf'])
    project.write({
      'seeds/raw_turf.csv': 'turf_id,precinct,regions\n1,01,North\n',
      'models/stg_turf.sql': "select * from {{ref 'raw_turf'}}\n",
    })
    expect((await project.run(['build'])).exitCode).toBe(0)
  })
})

describe('a project of exports alone', () => {
  it('works with a login that may only read', async () => {
    await using project = await createProject('postgres', {
      files: {
        'models/sources.yml':
          'sources:\n  van:\n    schema: tmc_van\n    tables:\n      contacts:\n        columns:\n          contact_id: { tests: [unique, not_null] }\n',
        'exports/contacts.yml': 'from: van.contacts\norder_by: [contact_id]\nto:\n  csv: { path: contacts.csv }\n',
        'exports/phones.yml':
          "query: |\n  select phone from {{source 'van' 'contacts'}} order by phone\nto:\n  jsonl: { path: phones.jsonl }\n",
      },
      target: 'exports: live',
    })
    const reader = `reader_${path.basename(new URL(project.url ?? '').pathname)}`
    await using _role = await createReader(project.url ?? '', reader)
    const env = { DATABASE_URL: Object.assign(new URL(project.url ?? ''), { username: reader, password: 'only-reading' }).href }
    const built = await project.run(['build', '--json'], { env })
    expect(built.stderr).toBe('')
    expect(
      outcomesOf(built.stdout)
        .map(({ status, node, rows }) => `${status} ${node} ${rows}`)
        .toSorted(),
    ).toEqual([
      'success export:contacts 2',
      'success export:phones 2',
      'success test:not_null_van_contacts_contact_id 0',
      'success test:unique_van_contacts_contact_id 0',
    ])
    expect(built.exitCode).toBe(0)
    expect(project.read('contacts.csv')).toBe('contact_id,phone\n1,555-0101\n2,555-0102\n')
    expect(project.read('phones.jsonl')).toBe('{"phone":"555-0101"}\n{"phone":"555-0102"}\n')
    expect(await project.query(`select nspname from pg_namespace where nspname = 'analytics'`)).toEqual([])

    project.write({ 'models/turf.sql': 'select 1 as turf_id\n' })
    const refused = await project.run(['build'], { env })
    expect(refused.exitCode).toBe(2)
    expect(steady(refused.stderr).replaceAll(/reader_\w+/g, 'READER')).toMatchInlineSnapshot(`
      "sqlflow V build of field on dev: 5 nodes
      error[schema-not-created]: The role READER may not create the schemas that this run builds in.
        hint: Its owner can allow it: grant create on database DATABASE to READER. Or make them: create schema "analytics" authorization READER.
      "
    `)
  })
})

/** A schema with contacts, and a role that may select from it and nothing else. */
async function createReader(url: string, role: string): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`create schema tmc_van;
create table tmc_van.contacts as select * from (values (1, '555-0101'), (2, '555-0102')) as c (contact_id, phone);
create role ${role} login password 'only-reading';
grant usage on schema tmc_van to ${role};
grant select on tmc_van.contacts to ${role}`)
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query(`drop owned by ${role}; drop role ${role}`)
      await client.end()
    },
  }
}
