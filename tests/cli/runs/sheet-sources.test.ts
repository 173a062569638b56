import { describe, expect, it } from 'vitest'
import { createProject, eventsOf, outcomesOf, steady, warehouses, type CommandResult } from '../../support/cli.ts'
import { startSheets, type Sheets } from '../../support/sheets.ts'

const sheets = `sources:
  field:
    tables:
      captains:
        google_sheet: { spreadsheet: https://docs.google.com/spreadsheets/d/spreadsheet-1/edit, tab: Captains }
        columns:
          precinct: { tests: [not_null] }
          phone: { type: text, sensitive: true }
`
const files = {
  'models/sheets.yml': sheets,
  'models/captain_list.sql': "/*---\nmaterialized: table\n---*/\nselect * from {{source 'field' 'captains'}}\n",
}

type Values = readonly (readonly (string | number | boolean | null)[])[]

const captains: Values = [
  ['Precinct', 'Captain name', 'Phone', 'Since', 'Goal', 'Done'],
  ['501', 'Ana "A" Ruiz\nand Bo', '202-555-0101', 43831, 0.25, true],
  [],
  ['11E1', 'Kai', 2025550104, null, 2, false],
  [null, null, null, null, null, false],
]

interface CaptainsSheet extends AsyncDisposable, Pick<Sheets, 'emulator' | 'env'> {
  /** Calls that read, of the spreadsheet or its cells. */
  readonly reads: () => number
  /** Takes every row of the tab away, and writes these. */
  readonly write: (rows: Values) => void
}

const id = 'spreadsheet-1'

async function openSheet(rows: Values = captains): Promise<CaptainsSheet> {
  const { emulator, env, ...disposable } = await startSheets()
  emulator.createSpreadsheet({
    id,
    title: 'Volunteers',
    tabs: ['Captains'],
    timeZone: 'America/New_York',
    sharedWith: [emulator.serviceAccount().client_email],
  })
  emulator.edit(id, [cellsOf(rows), format('DATE', 3), format('PERCENT', 4)])
  return {
    ...disposable,
    emulator,
    env,
    reads: () => emulator.requests.filter(({ kind }) => kind === 'read').length,
    write: (others) => emulator.edit(id, [cellsOf(others)]),
  }
}

/** The number format of a column, below its header. */
function format(type: string, column: number): object {
  const range = { sheetId: 0, startRowIndex: 1, startColumnIndex: column, endColumnIndex: column + 1 }
  return { repeatCell: { range, cell: { userEnteredFormat: { numberFormat: { type } } }, fields: 'userEnteredFormat.numberFormat' } }
}

function cellsOf(rows: Values): object {
  const written = rows.map((row) => ({ values: row.map((value) => (value === null ? {} : { userEnteredValue: extended(value) })) }))
  return { updateCells: { range: { sheetId: 0, startRowIndex: 0, startColumnIndex: 0 }, rows: written, fields: 'userEnteredValue' } }
}

function extended(value: string | number | boolean): object {
  if (typeof value === 'number') return { numberValue: value }
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }
}

/** What a run told of sheets. */
function loadedBy({ stdout }: CommandResult): readonly string[] {
  return eventsOf(stdout).flatMap((event) =>
    event.type === 'sheet-loaded' ? [`${event.where} ${event.rows} rows${event.unchanged ? ', unchanged' : ''}`] : [],
  )
}

/** The first line of a mistake, and its hint. */
function mistakeOf({ stderr }: CommandResult): string {
  return [...stderr.matchAll(/^(\S+:\d+ error.*| {2}hint: .*)$/gm)].map(([line]) => line).join('\n')
}

describe.each(warehouses)('a source that is a Google Sheet, on $type', ({ create }) => {
  it('is loaded before what reads it, typed by its cells', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet()
    const { exitCode, stderr } = await project.run(['build', '--threads', '1'], { env: sheet.env })
    expect({ exitCode, stderr: steady(stderr) }).toEqual({
      exitCode: 0,
      stderr: `sqlflow V build of field on dev: 2 nodes
✓ sheet   field.captains                               tab Captains of Volunteers: 2 rows, N ms
✓ test    not_null_field_captains_precinct             N ms
✓ table   analytics.captain_list                       2 rows, N ms
`,
    })
    expect(await project.query('select * from analytics.captain_list order by precinct')).toEqual([
      ['11E1', 'Kai', '2025550104', null, '2', 'f'],
      ['501', 'Ana "A" Ruiz\nand Bo', '202-555-0101', '2020-01-01', '0.25', 't'],
    ])
    const types = await project.query(
      "select string_agg(format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute where attrelid = 'field.captains'::regclass and attnum > 0",
    )
    expect(types).toEqual([['text, text, text, date, numeric, boolean']])
  })

  it('is loaded again when its content or a declaration changes, and only then', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet()
    const build = async (): Promise<readonly string[]> => loadedBy(await project.run(['run', '--json'], { env: sheet.env }))
    expect(await build()).toEqual(['field.captains 2 rows'])
    expect(await build()).toEqual(['field.captains 2 rows, unchanged'])
    expect(sheet.reads()).toBe(4)
    sheet.write(captains.slice(0, 2))
    expect(await build()).toEqual(['field.captains 1 rows'])
    expect(await project.query('select precinct from analytics.captain_list')).toEqual([['501']])
    project.write({ 'models/sheets.yml': sheets.replace('precinct: {', 'precinct: { type: integer,') })
    expect(await build()).toEqual(['field.captains 1 rows'])
  })

  it('ends the run at the line of a column whose header was renamed; what stands there stays', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet()
    await project.run(['build'], { env: sheet.env })
    sheet.write([['Precinct', 'Captain', 'Mobile phone', 'Since', 'Goal', 'Done'], ...captains.slice(1)])
    const broken = await project.run(['build'], { env: sheet.env })
    expect(broken.exitCode).toBe(2)
    expect(mistakeOf(broken)).toBe(
      'models/sheets.yml:8:11 error[sheet-header]: Tab `Captains` has no header `phone` in row 1.\n' +
        '  hint: `Mobile phone` is there: correct the sheet, or what is written here.',
    )
    expect(await project.query('select count(*) from field.captains')).toEqual([['2']])
  })

  it('names the cell that does not fit its type, and shows nothing of it', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet()
    project.write({ 'models/sheets.yml': sheets.replace('precinct: {', 'precinct: { type: integer,') })
    const wrong = await project.run(['build'], { env: sheet.env })
    expect(mistakeOf(wrong)).toBe(
      'models/sheets.yml:5:9 error[sheet-value]: In tab `Captains`, cell A4 does not fit its type, integer.\n' +
        '  hint: Correct the cell, or declare another type for its column.',
    )
    expect(wrong.stdout + wrong.stderr).not.toMatch(/11E1|Ana|555|BEGIN PRIVATE/)
  })

  it('never touches a table that somebody else made', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet()
    await project.query('create schema field; create table field.captains as select 9 as precinct')
    const refused = await project.run(['build'], { env: sheet.env })
    expect(refused.exitCode).toBe(2)
    expect(mistakeOf(refused)).toContain('error[sheet-relation-taken]: The source `field.captains` is a Google Sheet, and field.captains,')
    expect(await project.query('select precinct from field.captains')).toEqual([['9']])
  })
})

describe('a source that is a Google Sheet', () => {
  it('is stood in for by its sample where there is no account', async () => {
    await using project = await createProject('pglite', { files })
    const env = { HOME: project.root }
    const without = await project.run(['build'], { env })
    expect(without.exitCode).toBe(2)
    expect(mistakeOf(without)).toContain(
      'models/sheets.yml:5:9 error[no-google-account]: The source `field.captains` is a Google Sheet, and no account for Google Sheets is set up.\n',
    )
    project.write({
      'models/sheets.yml': sheets.replace('        columns:', '        sample: seeds/captains.csv\n        columns:'),
      'seeds/captains.csv': 'precinct,phone\n777,\n',
    })
    expect(await project.run(['build'], { env })).toMatchObject({ exitCode: 0 })
    expect(await project.query('select precinct from analytics.captain_list')).toEqual([['777']])
    await using sheet = await openSheet()
    expect(loadedBy(await project.run(['build', '--json'], { env: sheet.env }))).toEqual(['field.captains 2 rows'])
  })

  it('tells what Google says, at its line, and loads the others', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openSheet()
    const others = `      turf: { google_sheet: { spreadsheet: spreadsheet-2 } }\n      doors: { google_sheet: { spreadsheet: spreadsheet-1, tab: Captians } }\n`
    project.write({
      'models/sheets.yml': sheets + others,
      'models/turf.sql': "select 1 as one from {{source 'field' 'turf'}}, {{source 'field' 'doors'}}\n",
    })
    const { exitCode, stderr } = await project.run(['build'], { env: sheet.env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('The sheet of `field.turf` could not be loaded: No spreadsheet spreadsheet-2.')
    expect(stderr).toContain('error[sheet-tab-missing]: The spreadsheet `Volunteers` has no tab called `Captians`.')
    expect(stderr).toContain('hint: Did you mean `Captains`?')
    expect(await project.query('select count(*) from field.captains')).toEqual([['2']])
  })

  it('is loaded on a protected target by what builds there; others read what is loaded', async () => {
    await using project = await createProject('pglite', { files, config: '  prod: { type: pglite, protected: true }\n' })
    await using sheet = await openSheet()
    const look = ['show', '-t', 'prod', '--inline', "select count(*) as captains from {{source 'field' 'captains'}}", '--format', 'csv']
    const early = await project.run(look, { env: sheet.env })
    expect(early.stderr).toContain('error[missing-source]: The source `field.captains` is not loaded on target `prod` yet')
    expect((await project.run(['build', '-t', 'prod'], { env: { ...sheet.env, CI: 'true' } })).exitCode).toBe(0)
    sheet.write(captains.slice(0, 2))
    expect(await project.run(look, { env: sheet.env })).toEqual({ exitCode: 0, stdout: 'captains\n2\n', stderr: '' })
    expect((await project.run(['test', '-t', 'prod'], { env: sheet.env })).exitCode).toBe(0)
    expect(sheet.reads()).toBe(2)
  })

  it('is told by debug, and left alone by clean --orphans', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openSheet()
    await project.run(['build'], { env: sheet.env })
    expect((await project.run(['debug'])).stdout).toContain('sources      0 tables may be read, 1 table loaded from Google Sheets\n')
    expect((await project.run(['list', '--orphans'])).stdout).not.toContain('field.captains')
  })

  it('is refused before anything connects when its address is none', async () => {
    await using project = await createProject('pglite', { files })
    project.write({ 'models/sheets.yml': sheets.replace('https://docs.google.com/spreadsheets/d/spreadsheet-1/edit', 'Captains list') })
    expect((await project.run(['build'])).stderr).toContain('models/sheets.yml:5:38 error[bad-spreadsheet]: `Captains list` is neither')
    project.write({
      'models/sheets.yml': sheets.replace('https://docs.google.com/spreadsheets/d/spreadsheet-1/edit', '"${CAPTAINS}"'),
      'sqlflow.yml': 'name: field\nenv: { CAPTAINS: {} }\ntargets:\n  dev: { type: pglite }\n',
    })
    const unset = await project.run(['build'])
    expect(unset.stderr).toContain('error[missing-env]')
    expect(unset.stderr).not.toContain('bad-spreadsheet')
    await using sheet = await openSheet()
    const set = await project.run(['build', '--json'], { env: { ...sheet.env, CAPTAINS: 'spreadsheet-1' } })
    expect(outcomesOf(set.stdout).map(({ status }) => status)).toEqual(['success', 'success'])
  })
})

describe('a tab that takes several reads', () => {
  /** Of 5,000 rows; the last holds a name. */
  async function openLargeSheet(): Promise<CaptainsSheet> {
    const sheet = await openSheet()
    sheet.emulator.edit(id, [
      {
        updateSheetProperties: {
          properties: { sheetId: 0, gridProperties: { rowCount: 5000, columnCount: 26 } },
          fields: 'gridProperties',
        },
      },
      rename('Mina'),
    ])
    return sheet
  }

  function rename(name: string): object {
    const rows = [{ values: [{ userEnteredValue: { stringValue: name } }] }]
    return { updateCells: { start: { sheetId: 0, rowIndex: 4999, columnIndex: 1 }, rows, fields: 'userEnteredValue' } }
  }

  it('is read until twice the same came back', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openLargeSheet()
    expect(loadedBy(await project.run(['run', '--json'], { env: sheet.env }))).toEqual(['field.captains 3 rows'])
    expect(sheet.reads()).toBe(5)
    sheet.emulator.onRequest(() => {
      if (sheet.reads() === 8) sheet.emulator.edit(id, [rename('Zoë')])
    })
    expect(loadedBy(await project.run(['run', '--json'], { env: sheet.env }))).toEqual(['field.captains 3 rows'])
    expect(sheet.reads()).toBe(12)
    expect(await project.query('select captain_name from field.captains where precinct is null')).toEqual([['Zoë']])
  })

  it('is refused while somebody works in it', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openLargeSheet()
    sheet.emulator.onRequest(() => sheet.emulator.edit(id, [rename(`Name ${sheet.emulator.requests.length}`)]))
    expect(mistakeOf(await project.run(['run'], { env: sheet.env }))).toBe(
      'models/sheets.yml:5:9 error[sheet-not-loaded]: Tab `Captains` changed each time it was read.\n' +
        '  hint: Somebody works in it. Run the command again in a while.',
    )
    expect(sheet.reads()).toBe(9)
  })
})

describe('a source that is a Google Sheet, on redshift', () => {
  it('is loaded by INSERTs, with types that hold its cells', async () => {
    await using project = await createProject('redshift', { files })
    await using sheet = await openSheet()
    expect(loadedBy(await project.run(['run', '--json'], { env: sheet.env }))).toEqual(['field.captains 2 rows'])
    expect(loadedBy(await project.run(['run', '--json'], { env: sheet.env }))).toEqual(['field.captains 2 rows, unchanged'])
    expect(await project.query('select * from analytics.captain_list order by precinct')).toEqual([
      ['11E1', 'Kai', '2025550104', null, '2.00', 'f'],
      ['501', 'Ana "A" Ruiz\nand Bo', '202-555-0101', '2020-01-01', '0.25', 't'],
    ])
    const types = await project.query(
      "select data_type from svv_redshift_columns where schema_name = 'field' and table_name = 'captains' order by ordinal_position",
    )
    expect(types.flat()).toEqual([
      'character varying(65535)',
      'character varying(65535)',
      'character varying(65535)',
      'date',
      'numeric(38,2)',
      'boolean',
    ])
  })

  it('names the cell that does not fit its type, and shows nothing of it', async () => {
    await using project = await createProject('redshift', { files })
    await using sheet = await openSheet()
    project.write({ 'models/sheets.yml': sheets.replace('precinct: {', 'precinct: { type: integer,') })
    const wrong = await project.run(['build'], { env: sheet.env })
    expect(mistakeOf(wrong)).toBe(
      'models/sheets.yml:5:9 error[sheet-value]: In tab `Captains`, cell A4 does not fit its type, integer.\n' +
        '  hint: Correct the cell, or declare another type for its column.',
    )
    expect(wrong.stdout + wrong.stderr).not.toMatch(/11E1|Ana|555|BEGIN PRIVATE/)
  })
})
