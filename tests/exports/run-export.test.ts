import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import readWorkbook from 'read-excel-file/node'
import { openWarehouse } from '../../src/warehouses/open-warehouse.ts'
import type { Session } from '../../src/warehouses/warehouse.ts'
import { createTemporaryFolder, databases } from '../support/databases.ts'
import { exportQuery, textOf, type Exporter } from './export-fixture.ts'

const hardNames = `
select * from (values
  ('01', 'Earl L. "Buddy" Carter', 1),
  ('11E1', 'William ''Bill'' Werkheiser', 2),
  ('001 Harbins A', 'two' || chr(10) || 'lines', 3),
  ('1-05C', '', 4),
  (null, 'a,b', 5)
) as turf (precinct, candidate, votes)
order by votes`

const types = `
select 42 as small, 9007199254740993 as big, 9007199254740991 as safe, 12345678901234567890.50 as exact, 'NaN'::numeric as nan,
  1e20::float8 as float, true as yes, date '2026-11-03' as day, timestamp '2026-11-03 10:30:00.5' as at, timestamptz '2026-11-03 10:30:00+00' as at_zone,
  '{"a": [1, 2]}'::jsonb as doc, E'{"a":\\n1}'::json as lines, '\\x6162'::bytea as bytes, null::text as nothing, E'tab\\t"quote"' as words, array[1, 2] as list`

describe.each(databases)('on $type', ({ create }) => {
  it('writes every format, and replaces nothing that a guard, a mistake or an abort forbids', async () => {
    await using database = await create()
    await using warehouse = await openWarehouse(database.target, { applicationName: 'sqlflow test' })
    await using session = await warehouse.acquire()
    await session.run(`set time zone 'UTC'`)
    await writesCsv(session)
    await writesJson(session)
    await writesWorkbooks(session)
    await keepsTheOldFile(session)
    await placesFiles(session)
    await locatesMistakes(session)
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })
})

async function inFolder(session: Session, run: (exporter: Exporter) => Promise<void>): Promise<void> {
  await using folder = await createTemporaryFolder()
  await run({ root: folder.path, session })
}

async function writesCsv(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    const first = await exportQuery(to, hardNames, { to: { type: 'csv' } })
    expect(first).toEqual({
      status: 'written',
      receipt: {
        where: 'turf.csv',
        rows: 5,
        columns: ['precinct', 'candidate', 'votes'],
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        at: '2026-11-03T12:00:00.000Z',
        unchanged: false,
      },
    })
    const golden = `precinct,candidate,votes\n01,"Earl L. ""Buddy"" Carter",1\n11E1,William 'Bill' Werkheiser,2\n001 Harbins A,"two\nlines",3\n1-05C,"",4\n,"a,b",5\n`
    expect(await textOf(to.root, 'turf.csv')).toBe(golden)

    const before = await stat(path.join(to.root, 'turf.csv'))
    expect((await exportQuery(to, hardNames, { to: { type: 'csv' } })).status).toBe('unchanged')
    expect((await stat(path.join(to.root, 'turf.csv'))).mtimeMs).toBe(before.mtimeMs)

    await exportQuery(to, types, {
      to: { type: 'csv', header: false },
      columns: ['yes', 'day', 'at', 'at_zone', 'doc', 'bytes'].map((name) => ({ name })),
    })
    expect(await textOf(to.root, 'turf.csv')).toBe(
      'true,2026-11-03,2026-11-03 10:30:00.5,2026-11-03 10:30:00+00,"{""a"": [1, 2]}",\\x6162\n',
    )

    const formulas = `select * from (values ('=1+1', -5), ('+1 808 555 0161', 6), ('@x', 7), (E'\\tx', 8), ('NULL', 9), (null, null)) as t (note, votes) order by votes`
    await exportQuery(to, formulas, {
      to: { type: 'csv', neutralizeFormulas: true, bom: true, delimiter: ';', nullText: 'NULL' },
      columns: [{ name: 'votes', title: 'Votes; all' }, { name: '*' }],
    })
    expect(await textOf(to.root, 'turf.csv')).toBe(
      `\uFEFF"Votes; all";note\n-5;'=1+1\n6;'+1 808 555 0161\n7;'@x\n8;'\tx\n9;"NULL"\nNULL;NULL\n`,
    )
  })
}

async function writesJson(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    await exportQuery(to, types, { to: { type: 'jsonl' } })
    expect(await textOf(to.root, 'turf.jsonl')).toBe(
      String.raw`{"small":42,"big":"9007199254740993","safe":9007199254740991,"exact":12345678901234567890.50,"nan":null,"float":1e+20,"yes":true,"day":"2026-11-03","at":"2026-11-03T10:30:00.5","at_zone":"2026-11-03T10:30:00+00:00","doc":{"a": [1, 2]},"lines":{"a": 1},"bytes":"6162","nothing":null,"words":"tab\t\"quote\"","list":"{1,2}"}` +
        '\n',
    )
    await exportQuery(to, 'select 12345678901234567890 as id, 1200 as safe, 1.50 as share', { to: { type: 'jsonl' } })
    expect(await textOf(to.root, 'turf.jsonl')).toBe('{"id":"12345678901234567890","safe":1200,"share":1.50}\n')
    await exportQuery(to, hardNames, { to: { type: 'json' } })
    expect(JSON.parse(await textOf(to.root, 'turf.json'))).toEqual([
      { precinct: '01', candidate: 'Earl L. "Buddy" Carter', votes: 1 },
      { precinct: '11E1', candidate: "William 'Bill' Werkheiser", votes: 2 },
      { precinct: '001 Harbins A', candidate: 'two\nlines', votes: 3 },
      { precinct: '1-05C', candidate: '', votes: 4 },
      { precinct: null, candidate: 'a,b', votes: 5 },
    ])
    await exportQuery(to, `${hardNames} limit 0`, { to: { type: 'json' } })
    expect(await textOf(to.root, 'turf.json')).toBe('[]\n')
  })
}

async function writesWorkbooks(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    const file = path.join(to.root, 'turf.xlsx')
    await exportQuery(to, hardNames, {
      to: { type: 'xlsx', sheet: 'Turf: all' },
      columns: [{ name: 'precinct', title: 'Precinct', format: 'text' }, { name: '*' }],
    })
    const [sheet] = await readWorkbook(file)
    expect(sheet).toEqual({
      sheet: 'Turf  all',
      data: [
        ['Precinct', 'candidate', 'votes'],
        ['01', 'Earl L. "Buddy" Carter', 1],
        ['11E1', "William 'Bill' Werkheiser", 2],
        ['001 Harbins A', 'two\nlines', 3],
        ['1-05C', null, 4],
        [null, 'a,b', 5],
      ],
    })
    expect(
      (
        await exportQuery(to, hardNames, {
          to: { type: 'xlsx', sheet: 'Turf: all' },
          columns: [{ name: 'precinct', title: 'Precinct', format: 'text' }, { name: '*' }],
        })
      ).status,
    ).toBe('unchanged')

    const typed = `select date '2026-11-03' as day, timestamp '2026-11-03 18:00' as at, 1234.5 as pledge, true as yes, 1234567890123456 as id, '007' as code, date '1850-01-01' as old, 12 as zip, '_x0041_ & <b>' || chr(7) as odd`
    await exportQuery(to, typed, {
      to: { type: 'xlsx' },
      columns: [{ name: 'pledge', format: '$#,##0.00' }, { name: 'zip', format: 'text' }, { name: '*' }],
    })
    const [second] = await readWorkbook(file)
    expect(second?.sheet).toBe('turf_list')
    expect(second?.data).toEqual([
      ['pledge', 'zip', 'day', 'at', 'yes', 'id', 'code', 'old', 'odd'],
      [
        1234.5,
        '12',
        new Date('2026-11-03T00:00:00Z'),
        new Date('2026-11-03T18:00:00Z'),
        true,
        '1234567890123456',
        '007',
        '1850-01-01',
        expect.stringContaining('& <b>'),
      ],
    ])
  })
}

async function keepsTheOldFile(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    const many = 'select n as id from generate_series(1, 5000) as n order by n'
    await exportQuery(to, many, { to: { type: 'csv' } })
    const old = await textOf(to.root, 'turf.csv')

    const few = await exportQuery(to, 'select 1 as id', { to: { type: 'csv' }, guards: { minRows: 50 } })
    expect(few).toMatchObject({
      status: 'refused',
      diagnostics: [{ message: 'The export `turf_list` has 1 row; its guard `min_rows` asks for 50.' }],
    })
    const shrunk = await exportQuery(to, `${many} limit 3000`, { to: { type: 'csv' }, guards: { maxShrink: 0.3 } })
    expect(shrunk).toMatchObject({
      status: 'refused',
      diagnostics: [
        { message: 'The export `turf_list` has 3,000 rows, 40% fewer than the 5,000 of the last time; its guard `max_shrink` allows 30%.' },
      ],
    })

    const abort = new AbortController()
    abort.abort(new Error('stopped'))
    await expect(exportQuery({ ...to, signal: abort.signal }, 'select 1 as id', { to: { type: 'csv' } })).rejects.toThrow('stopped')
    await expect(
      exportQuery(to, 'select 10 / (3000 - n) as id from generate_series(1, 5000) as n', { to: { type: 'csv' } }),
    ).rejects.toThrow('division by zero')
    await exportQuery(to, `select 'a' as note`, { to: { type: 'xlsx' } })
    await expect(exportQuery(to, `select repeat('x', 32768) as note`, { to: { type: 'xlsx' } })).rejects.toThrow(
      'A cell holds 32,767 characters; column `note` has 32,768 in row 2.',
    )
    expect(await textOf(to.root, 'turf.csv')).toBe(old)
    expect((await readdir(to.root)).sort()).toEqual(['.sqlflow', 'turf.csv', 'turf.xlsx'])
  })
}

async function placesFiles(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    const preview = await exportQuery({ ...to, exports: 'preview' }, 'select 1 as id', { to: { type: 'csv', path: 'lists/turf.csv' } })
    expect(preview).toMatchObject({ status: 'written', receipt: { where: 'target/dev/exports/lists/turf.csv' } })
    expect(await textOf(to.root, 'target/dev/exports/lists/turf.csv')).toBe('id\n1\n')

    const outside = {
      status: 'refused',
      diagnostics: [{ message: "The path `out/turf.csv` of the export `turf_list` leaves the project's folder." }],
    }
    await using elsewhere = await createTemporaryFolder()
    await symlink(elsewhere.path, path.join(to.root, 'out'))
    expect(await exportQuery(to, 'select 1 as id', { to: { type: 'csv', path: 'out/turf.csv' } })).toMatchObject(outside)
    expect(await readdir(elsewhere.path)).toEqual([])

    await mkdir(path.join(to.root, 'turf.csv'))
    await expect(exportQuery(to, 'select 1 as id', { to: { type: 'csv' } })).rejects.toThrow(
      '`turf.csv` was not written: a folder has this name.',
    )
    await writeFile(path.join(to.root, 'plain'), '')
    await expect(exportQuery(to, 'select 1 as id', { to: { type: 'csv', path: 'plain/turf.csv' } })).rejects.toThrow(
      '`plain/turf.csv` was not written: a part of its path is a file.',
    )
  })
}

async function locatesMistakes(session: Session): Promise<void> {
  await inFolder(session, async (to) => {
    const outcome = await exportQuery(to, 'select 1 as last_name, 2 as phone, 3 as twice, 4 as twice', {
      to: { type: 'jsonl' },
      columns: [{ name: 'lastname' }, { name: 'twice' }, { name: 'phone', title: 'x' }, { name: 'last_name', title: 'x' }],
      orderBy: ['phon desc'],
    })
    expect(outcome).toMatchObject({
      status: 'refused',
      diagnostics: [
        { code: 'unknown-export-column', message: 'What is exported has no column `lastname`.', hint: 'Did you mean `last_name`?' },
        { code: 'ambiguous-export-column', message: 'What is exported has 2 columns `twice`.' },
        { code: 'unknown-export-column', message: 'What is exported has no column `phon`.', hint: 'Did you mean `phone`?' },
        { code: 'repeated-export-column', message: 'Two columns of the export are called `x`; a JSON object would keep one of them.' },
      ],
    })
    expect(await readdir(to.root)).toEqual([])
    const sorted = await exportQuery(to, `select * from (values (1, 'b'), (2, 'a'), (3, null)) as t ("Id", name)`, {
      to: { type: 'csv' },
      orderBy: ['name desc nulls last', 'Id'],
      columns: [{ name: 'Id' }],
    })
    expect(sorted.status).toBe('written')
    expect(await textOf(to.root, 'turf.csv')).toBe('Id\n1\n2\n3\n')
  })
}
