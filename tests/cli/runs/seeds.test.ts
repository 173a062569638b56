import { describe, expect, it } from 'vitest'
import { steady, warehouses } from '../../support/cli.ts'

describe.each(warehouses)('seeds on $type', ({ create }) => {
  it('are located by file and line where they are wrong, without a value; the old table stays', async () => {
    await using project = await create({
      files: {
        'seeds/turfs.csv': 'turf_id,precinct,opened_on\n1,01,2026-09-01\n2,11E1,2026-09-02\n',
        'seeds/seeds.yml': `seeds:
  turfs:
    columns:
      turf_id: { type: integer }
      precinct: { type: varchar(8) }
      opened_on: { type: date }
`,
      },
    })
    expect((await project.run(['seed'])).exitCode).toBe(0)
    expect(
      await project.query(
        `select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'analytics.turfs'::regclass and attnum > 0 order by attnum`,
      ),
    ).toEqual([
      ['turf_id', 'integer'],
      ['precinct', 'character varying(8)'],
      ['opened_on', 'date'],
    ])

    project.write({ 'seeds/turfs.csv': 'turf_id,precinct,opened_on\n1,01,2026-09-01\n555-0101,11E1,2026-09-02\n' })
    const typed = await project.run(['seed'])
    expect(typed.exitCode).toBe(1)
    expect(steady(typed.stderr)).toMatchInlineSnapshot(`
      "sqlflow V seed of field on dev: 1 node
      ✗ seed    analytics.turfs                              failed, N ms
          seeds/turfs.csv:3:1 error[seed-value]: Column \`turf_id\` of this record does not fit its type integer.
            hint: Correct the file, or declare another type for \`turf_id\` in a YAML file beside it; list words that mean NULL in \`null_values\`.
      "
    `)
    project.write({
      'seeds/turfs.csv': 'turf_id,precinct,opened_on\n1,01,2026-09-01\n2,11E1\n3,"001 Harbins A,2026-09-03\n',
      'seeds/halls.csv': 'hall_id,city\n1\n2,Macon,x\n',
    })
    const ragged = await project.run(['seed', '--threads', '1'])
    expect(ragged.exitCode).toBe(1)
    expect(steady(ragged.stderr)).toMatchInlineSnapshot(`
      "sqlflow V seed of field on dev: 2 nodes
      ✗ seed    analytics.turfs                              failed, N ms
          seeds/turfs.csv:3:1 error[seed-width]: This record has 2 fields; the header names 3 columns.
            hint: A field that holds the delimiter or a line break must be quoted.
          seeds/turfs.csv:4:3 error[seed-quote]: The quote that opens here is never closed.
            hint: Add the closing quote, or double the quotes inside.
      ✗ seed    analytics.halls                              failed, N ms
          seeds/halls.csv:2:1 error[seed-width]: This record has 1 field; the header names 2 columns.
            hint: A field that holds the delimiter or a line break must be quoted.
          seeds/halls.csv:3:1 error[seed-width]: This record has 3 fields; the header names 2 columns.
            hint: A field that holds the delimiter or a line break must be quoted.
      "
    `)
    expect(steady(ragged.stdout)).toMatchInlineSnapshot(`
      "
      Failed in N ms: 2 failed.
      Failed
        seed turfs (seeds/turfs.csv:3:1): This record has 2 fields; the header names 3 columns.
        seed halls (seeds/halls.csv:2:1): This record has 1 field; the header names 2 columns.
      Next
        sqlflow build turfs+  once it is mended: it, and what was skipped below
        target/dev/           compiled SQL, run_results.json, manifest.json
      "
    `)
    for (const { stdout, stderr } of [typed, ragged]) expect(stdout + stderr).not.toMatch(/555-0101|11E1|Harbins/)
    expect(await project.query('select turf_id, precinct from analytics.turfs order by 1')).toEqual([
      ['1', '01'],
      ['2', '11E1'],
    ])
  })

  it('that are large are typed by the whole file, and all that is wrong with them is said', async () => {
    const filler = 'x'.repeat(1000)
    const lines = Array.from({ length: 5000 }, (_, k) => `${k},${k % 7},2026-09-01,${filler}\n`)
    const file = (...last: readonly string[]): string => `turf_id,doors,opened_on,note\n${lines.join('')}${last.join('')}`
    await using project = await create({ files: { 'seeds/turfs.csv': file('01,2.50,2026-09-02 10:30,"last\none"\n,,,\n') } })
    const types = async (): Promise<unknown> =>
      project.query(
        `select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'analytics.turfs'::regclass and attnum > 0 order by attnum`,
      )
    const seeded = [
      ['turf_id', 'text'],
      ['doors', 'numeric'],
      ['opened_on', 'timestamp without time zone'],
      ['note', 'text'],
    ]
    const ends = `select count(*), count(*) filter (where turf_id = '01' and doors = 2.5 and note = E'last\\none') from analytics.turfs`
    expect((await project.run(['seed'])).exitCode).toBe(0)
    expect(await types()).toEqual(seeded)
    expect(await project.query(ends)).toEqual([['5002', '1']])

    project.write({ 'seeds/turfs.csv': file('1,2\n', '5,6,2026-09-01,"x"y\n', 'late,1,2026-09-01,x\n') })
    const wrong = await project.run(['seed'])
    expect(wrong.exitCode).toBe(1)
    expect(wrong.stderr).toContain('seeds/turfs.csv:5002:1 error[seed-width]: This record has 2 fields; the header names 4 columns.')
    expect(wrong.stderr).toContain('seeds/turfs.csv:5003:19 error[seed-quote]: Characters follow the closing quote of a field.')
    expect(await types()).toEqual(seeded)
    expect(await project.query(ends)).toEqual([['5002', '1']])

    project.write({ 'seeds/turfs.csv': file() })
    expect((await project.run(['seed'])).exitCode).toBe(0)
    expect(await types()).toEqual([
      ['turf_id', 'integer'],
      ['doors', 'integer'],
      ['opened_on', 'date'],
      ['note', 'text'],
    ])
  })
})
