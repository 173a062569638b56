import { describe, expect, it } from 'vitest'
import { createProject, outcomesOf, type CliProject, type Files } from '../support/cli.ts'

/** As a CSV writes each of them. */
const texts = [
  'plain',
  '""',
  '"say ""hi"""',
  "O'Brien",
  'back\\slash',
  '"\\"',
  '\\n',
  "\\'",
  '"two\nlines"',
  '"a, b"',
  'Zoë 🗳️ 投票',
  '$1 ? :name',
  '--',
  ' padded ',
  '"\\."',
  'NULL',
]

const ofTypes = [
  ['integer', '-2147483648', '007', '2147483647'],
  ['bigint', '9223372036854775807', '-1', '12345678901'],
  ['smallint', '32767', '-5', '0'],
  ['numeric(12,2)', '1.005', '-10', '1234567890.12'],
  ['numeric', '0.0000000001', '12345678901234567890', '-3.5'],
  ['real', '1.5', 'NaN', '-2e10'],
  ['double precision', 'NaN', 'Infinity', '0.1'],
  ['boolean', 'true', 'f', 'yes'],
  ['date', '2026-11-03', '1999-12-31', '0001-01-01'],
  ['timestamp', '2026-11-03 19:00:00.123456', '2026-11-03', '1999-12-31T23:59:59'],
  ['timestamptz', '2026-11-03 19:00:00+02', '2026-11-03 00:00:00Z', '2026-11-03 12:00:00-05:30'],
  ['time', '19:00', '00:00:01', '23:59:59.5'],
  ['varchar(20)', 'a', '🗳️', ''],
  ['char(3)', 'PA', 'GA ', 'x'],
  ['text', 'x', '""', ''],
] as const

const types: Files = {
  'seeds/texts.csv': `n,body\n${texts.map((text, n) => `${n},${text}`).join('\n')}\n99,\n`,
  'seeds/types.csv': `n,${ofTypes.map((_, k) => `c${k}`).join(',')}\n${[1, 2, 3].map((n) => [n, ...ofTypes.map((one) => one[n])].join(',')).join('\n')}\n4${','.repeat(ofTypes.length)}\n`,
  'seeds/types.yml': `seeds: { types: { columns: { ${ofTypes.map(([type], k) => `c${k}: { type: "${type}" }`).join(', ')} } }, texts: { columns: { body: { type: text } } } }`,
  'seeds/single.csv': 'only\na\n\n"b"\n',
  'seeds/inferred.csv': 'a,b,c,d,e,f\n1,9999999999,1.25,true,2026-11-03,2026-11-03 10:00\n2,1,10.5,false,2026-11-04,2026-11-03 11:00\n',
}

const read: Readonly<Record<string, string>> = {
  texts: 'select n, body from analytics.texts order by n',
  types: `select n, ${ofTypes.map((_, k) => `c${k}`).join(', ')} from analytics.types order by n`,
  single: 'select "only" from analytics.single order by 1',
  inferred: 'select a, b, c, d, e, f from analytics.inferred order by a',
}

async function seeded(type: 'postgres' | 'redshift', files: Files): Promise<CliProject> {
  const project = await createProject(type, { files })
  const { exitCode, stdout, stderr } = await project.run(['seed'])
  expect({ exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, said: '' })
  return project
}

describe('seeds on redshift', () => {
  it('hold what COPY makes of the same files', async () => {
    await using redshift = await seeded('redshift', types)
    await using postgres = await seeded('postgres', types)
    for (const [name, sql] of Object.entries(read)) {
      const [found, wanted] = await Promise.all([redshift.query(sql), postgres.query(sql)])
      expect({ name, rows: found.map(unscaled) }).toEqual({ name, rows: wanted.map(unscaled) })
    }
  })

  it('have types with room for what they hold', async () => {
    await using project = await seeded('redshift', {
      ...types,
      'seeds/facts.csv': 'key,facts\n6d0f9f1c-6f5d-4a3e-9d57-0d2d7c1f0b11,"{""a"": [1, null]}"\n',
      'seeds/facts.yml': 'seeds: { facts: { columns: { key: { type: uuid }, facts: { type: jsonb } } } }',
    })
    const columns = `select column_name, data_type from svv_redshift_columns where schema_name = 'analytics' and table_name = `
    expect(await project.query(`${columns} 'inferred' order by ordinal_position`)).toEqual([
      ['a', 'integer'],
      ['b', 'bigint'],
      ['c', 'numeric(38,2)'],
      ['d', 'boolean'],
      ['e', 'date'],
      ['f', 'timestamp without time zone'],
    ])
    expect(await project.query(`${columns} 'texts' order by ordinal_position`)).toEqual([
      ['n', 'integer'],
      ['body', 'character varying(65535)'],
    ])
    expect(await project.query('select key, facts from analytics.facts')).toEqual([
      ['6d0f9f1c-6f5d-4a3e-9d57-0d2d7c1f0b11', '{"a": [1, null]}'],
    ])
  })

  it('are told of a wrong value at its line and column, wherever in a batch it stands, and leave the table as it was', async () => {
    const rows = (bad: readonly [number, string][]): string =>
      `id,amount,note\n${Array.from({ length: 12_000 }, (_, n) => bad.find(([at]) => at === n)?.[1] ?? `${n},${n}.5,"line\nbreak"`).join('\n')}\n`
    await using project = await seeded('redshift', {
      'seeds/pledges.csv': rows([]),
      'seeds/pledges.yml':
        'seeds: { pledges: { columns: { id: { type: integer }, amount: { type: "numeric(6,1)" }, note: { type: varchar(20) } } } }',
    })
    const cases: readonly [at: number, row: string, message: string][] = [
      [0, 'x,1.5,a', 'Column `id` of this record does not fit its type integer.'],
      [4999, '1.5,1.5,a', 'Column `id` of this record does not fit its type integer.'],
      [5000, '1,1234567.5,a', 'Column `amount` of this record is out of the range of its type numeric(6,1).'],
      [11_999, '1,1.5,aaaaaaaaaaaaaaaaaaaaaaaaa', 'Column `note` of this record is too long for its type varchar(20).'],
    ]
    for (const [at, row, message] of cases) {
      project.write({ 'seeds/pledges.csv': rows([[at, row]]) })
      const { exitCode, stdout, stderr } = await project.run(['seed', '--json'])
      expect(exitCode).toBe(1)
      expect(outcomesOf(stdout)[0]?.failure).toMatchObject({
        code: 'seed-value',
        message,
        place: { file: 'seeds/pledges.csv', line: 2 + 2 * at },
      })
      expect(stdout + stderr).not.toContain(row)
      expect(await project.query('select count(*), sum(id) from analytics.pledges')).toEqual([['12000', '71994000']])
    }
    expect(await project.query("select count(*) from pg_class where relname = 'sqlflow_refused_row' or relname like '%__new_%'")).toEqual([
      ['0'],
    ])
  })

  it('are loaded again where the types of the beginning are not those of the whole', async () => {
    const lines = Array.from({ length: 300_000 }, (_, n) => `${n},padded to a line of some length`)
    await using project = await seeded('redshift', { 'seeds/codes.csv': `code,note\n${lines.join('\n')}\nA1,last\n` })
    expect(await project.query("select count(*), max(code) from analytics.codes where code like 'A%' or code = '42'")).toEqual([
      ['2', 'A1'],
    ])
  })

  it('stand in for sources as samples', async () => {
    await using project = await createProject('redshift', {
      files: {
        'models/sources.yml': 'sources: { van: { schema: analytics_van, tables: { contacts: { sample: seeds/samples/contacts.csv } } } }',
        'seeds/samples/contacts.csv': 'contact_id,rate\n1,0.25\n2,\n',
        'models/all_contacts.sql': 'select contact_id, rate from {{source "van" "contacts"}}',
      },
    })
    const { exitCode, stdout, stderr } = await project.run(['build'])
    expect({ exitCode, said: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, said: '' })
    expect(await project.query('select contact_id, rate from analytics.all_contacts order by 1')).toEqual([
      ['1', '0.25'],
      ['2', null],
    ])
  })

  it('are told of a record that is larger than a statement', async () => {
    const columns = Array.from({ length: 280 }, (_, k) => `c${k}`)
    const long = columns.map(() => 'x'.repeat(60_000)).join(',')
    await using project = await createProject('redshift', {
      files: { 'seeds/wide.csv': `${columns.join(',')}\n${columns.join(',')}\n${long}\n` },
    })
    const { exitCode, stdout } = await project.run(['seed', '--json'])
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout)[0]?.failure).toMatchObject({
      code: 'seed-value',
      message: 'This record is larger than the 16 MB that one statement may have.',
      place: { file: 'seeds/wide.csv', line: 3 },
    })
  })

  it('refuse a key that is no column of the file', async () => {
    await using project = await createProject('redshift', {
      files: {
        'seeds/counties.csv': 'county,fips\nFulton,121\n',
        'seeds/counties.yml': 'seeds:\n  counties:\n    dist: fips\n    sort: [county, fps]\n',
      },
    })
    const { exitCode, stdout } = await project.run(['seed', '--json'])
    expect(exitCode).toBe(1)
    expect(outcomesOf(stdout)[0]?.failure).toMatchObject({
      message: '`seeds/counties.csv` has no column `fps`.',
      hint: 'Did you mean `fips`?',
      place: { file: 'seeds/counties.yml', line: 4 },
    })
  })
})

/** Without the zeros that a fixed scale adds. */
function unscaled(row: readonly (string | null)[]): readonly (string | null)[] {
  return row.map((value) => (value !== null && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value))
}
