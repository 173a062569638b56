import { describe, expect, it } from 'vitest'
import { createProject, outcomesOf, type Files } from '../support/cli.ts'

const tables = `select "table", diststyle, sortkey1, sortkey_num::integer from svv_table_info where schema = 'analytics' and "table" <> 'sqlflow_locks' order by "table"`
const columns = `select table_name || '.' || column_name, data_type, encoding, distkey, sortkey from svv_redshift_columns
  where schema_name = 'analytics' and table_name <> 'sqlflow_locks' order by table_name, ordinal_position`

const files: Files = {
  'models/supporters.sql':
    "/*---\nmaterialized: table\ndist: supporter_id\nsort: [county, supporter_id]\nbackup: false\nquery_group: nightly\nanalyze: true\ncolumns: { notes: { encode: zstd }, rank: { encode: az64 } }\n---*/\nselect 1 as supporter_id, 'Fulton'::varchar(40) as county, 'x'::varchar(10) as notes, 2 as rank",
  'models/parties.sql': '/*--- { materialized: table, dist: all, sort: { interleaved: [b, a] } } ---*/\nselect 1 as a, 2 as b',
  'models/plain.sql': '/*--- { materialized: table, dist: auto, sort: auto } ---*/\nselect 1 as a -- one',
  'seeds/counties.csv': 'county,fips,share\nFulton,121,0.125\nCobb,067,2.5\n',
  'seeds/counties.yml': 'seeds: { counties: { dist: even, sort: county, columns: { fips: { type: text, encode: bytedict } } } }',
}

describe('the physical design on redshift', () => {
  it('lays tables and seeds out as their keys say, built and built again', async () => {
    await using project = await createProject('redshift', { files })
    for (const build of ['first', 'second']) {
      const { exitCode, stdout, stderr } = await project.run(['build'])
      expect({ build, exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ build, exitCode: 0, said: '' })
      expect(await project.query(tables)).toEqual([
        ['counties', 'EVEN', 'county', '1'],
        ['parties', 'ALL', 'INTERLEAVED', '2'],
        ['plain', 'AUTO(ALL)', 'AUTO(SORTKEY)', '0'],
        ['supporters', 'KEY(supporter_id)', 'county', '2'],
      ])
      expect(await project.query(columns)).toEqual([
        ['counties.county', 'character varying(65535)', 'none', 'f', '1'],
        ['counties.fips', 'character varying(65535)', 'bytedict', 'f', '0'],
        ['counties.share', 'numeric(38,3)', 'none', 'f', '0'],
        ['parties.a', 'integer', 'none', 'f', '2'],
        ['parties.b', 'integer', 'none', 'f', '1'],
        ['plain.a', 'integer', 'none', 'f', '0'],
        ['supporters.supporter_id', 'integer', 'none', 't', '2'],
        ['supporters.county', 'character varying(40)', 'none', 'f', '1'],
        ['supporters.notes', 'character varying(10)', 'zstd', 'f', '0'],
        ['supporters.rank', 'integer', 'az64', 'f', '0'],
      ])
    }
    expect(await project.query('select fips, share from analytics.counties order by fips')).toEqual([
      ['067', '2.500'],
      ['121', '0.125'],
    ])
  })

  it('means nothing to the other warehouses', async () => {
    await using project = await createProject('pglite', { files })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
  })

  it('leaves a view where what it reads is dropped, and binds one that asks for it', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/people.sql': "/*--- materialized: table ---*/\nselect 1 as id, 'Ana'::varchar(20) as name",
        'models/names.sql': 'select name from {{ref "people"}} -- all of them',
        'models/bound.sql': '/*--- bind: true ---*/\nselect id from {{ref "people"}}',
      },
    })
    expect(await project.run(['build'])).toMatchObject({ exitCode: 0 })
    expect(
      await project.query(
        "select viewname, definition like '%with no schema binding%' from pg_views where schemaname = 'analytics' order by 1",
      ),
    ).toEqual([
      ['bound', 'f'],
      ['names', 't'],
    ])
    await project.query('drop view analytics.bound')
    await project.query('drop table analytics.people')
    await project.query("create table analytics.people as select 2 as id, 'Bo'::varchar(20) as name")
    expect(await project.query('select name from analytics.names')).toEqual([['Bo']])
  })

  it('tells what is wrong with a view that Redshift would take unseen', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/people.sql': '/*--- materialized: table ---*/\nselect 1 as id',
        'models/names.sql': 'select\n  nmae\nfrom {{ref "people"}}',
      },
    })
    const { exitCode, stdout } = await project.run(['build', '--json'])
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout).find(({ node }) => node === 'model:names')?.failure).toMatchObject({
      message: 'column "nmae" does not exist',
      place: { file: 'models/names.sql', line: 2, column: 3 },
    })
  })

  it('builds, and builds again, what has a name of 127 bytes', async () => {
    const name = `${'turf_of_the_county_'.repeat(7).slice(0, 126)}x`
    await using project = await createProject('redshift', {
      files: {
        [`models/${name}.sql`]: '/*--- materialized: table ---*/\nselect 1 as turf_id',
        'models/listed.sql': `select turf_id from {{ref "${name}"}}`,
      },
    })
    for (const build of ['first', 'second']) expect({ build, ...(await project.run(['build'])) }).toMatchObject({ build, exitCode: 0 })
    expect(await project.query("select relname from pg_class where relname like 'turf_of%'")).toEqual([[name]])
    expect(await project.query('select turf_id from analytics.listed')).toEqual([['1']])
  })

  it('points to the key that names a column which the SELECT has not', async () => {
    await using project = await createProject('redshift', {
      files: { 'models/people.sql': '/*---\nmaterialized: table\ndist: persn_id\n---*/\nselect 1 as person_id' },
    })
    const { exitCode, stdout } = await project.run(['build', '--json'])
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout)[0]?.failure).toMatchObject({
      message: 'column "persn_id" named in key does not exist',
      place: { file: 'models/people.sql', line: 3, column: 7 },
      hint: 'The columns that the configuration describes, indexes, sorts or distributes by must be columns of the SELECT.',
    })
  })
})
