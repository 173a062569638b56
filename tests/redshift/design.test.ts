import { describe, expect, it } from 'vitest'
import { createProject } from '../support/cli.ts'

const info = `select "table", diststyle, sortkey1, sortkey_num from svv_table_info order by "table"`
const columns = `select table_name, column_name, data_type, encoding, distkey, sortkey from svv_redshift_columns order by table_name, ordinal_position`

describe('the physical design on redshift', () => {
  it('lays tables and seeds out as their keys say', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/supporters.sql':
          "/*---\nmaterialized: table\ndist: supporter_id\nsort: [county, supporter_id]\nbackup: false\nquery_group: nightly\ncolumns: { notes: { encode: zstd } }\n---*/\nselect 1 as supporter_id, 'Fulton' as county, 'x' as notes",
        'models/parties.sql': "/*--- { materialized: table, dist: all, sort: { interleaved: [b, a] } } ---*/\nselect 1 as a, 2 as b",
        'models/plain.sql': '/*--- { materialized: table, dist: auto, sort: auto } ---*/\nselect 1 as a -- one',
        'seeds/counties.csv': 'county,fips,share\nFulton,121,0.125\n',
        'seeds/counties.yml': 'seeds: { counties: { dist: even, sort: county, columns: { fips: { type: text, encode: bytedict } } } }',
      },
    })
    for (const build of ['first', 'second']) {
      const { exitCode, stderr, stdout } = await project.run(['build'])
      expect({ build, exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ build, exitCode: 0, said: '' })
      expect(await project.query(info)).toEqual([])
      expect(await project.query(columns)).toEqual([])
    }
  })
})
