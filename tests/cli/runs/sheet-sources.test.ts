import { describe, expect, it } from 'vitest'
import type { SheetCellData } from '../../../src/exports/destinations/google-sheets/google-api.ts'
import { readTab } from '../../../src/exports/sheet-source/read-tab.ts'
import { number, text, truth } from '../../exports/sheet-source/cells.ts'
import { failure, openGoogleServer, type Answer, type GoogleServer, type SeenRequest } from '../../exports/google-sheets/google-server.ts'
import { createProject, eventsOf, outcomesOf, steady, warehouses, type CliProject, type CommandResult } from '../../support/cli.ts'

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
const login = { type: 'authorized_user', client_id: 'client', client_secret: 'canary-secret', refresh_token: 'canary-refresh' }

type Cells = readonly (readonly SheetCellData[])[]

const captains: Cells = [
  [text('Precinct'), text('Captain name'), text('Phone'), text('Since'), text('Goal'), text('Done')],
  [
    text('501'),
    text('Ana "A" Ruiz\nand Bo'),
    text('202-555-0101'),
    number(43831, '1/1/2020', 'DATE'),
    number(0.25, '25%', 'PERCENT'),
    truth(true),
  ],
  [],
  [text('11E1'), text('Kai'), number(2025550104), {}, number(2), truth(false)],
  [{}, {}, {}, {}, {}, truth(false)],
]

/** A spreadsheet of one tab, served for as many calls as a test makes. */
function serve(server: GoogleServer, tab: { rows: Cells }): void {
  const respond = ({ path }: SeenRequest): Answer => {
    const url = new URL(path, server.url)
    if (!url.pathname.endsWith('/spreadsheet-1')) return failure(404, 'NOT_FOUND', 'Requested entity was not found.')
    const range = url.searchParams.get('ranges')
    if (range !== null) return { status: 200, json: { sheets: [{ data: [{ rowData: tab.rows.map((values) => ({ values })) }] }] } }
    const properties = { sheetId: 0, title: 'Captains', sheetType: 'GRID', gridProperties: { rowCount: 1000, columnCount: 26 } }
    return { status: 200, json: { properties: { title: 'Volunteers', timeZone: 'America/New_York' }, sheets: [{ properties }] } }
  }
  server.answer(...Array.from({ length: 50 }, () => respond))
}

interface Sheet extends AsyncDisposable {
  /** Of the tab; a test may put others in their place. */
  rows: Cells
  readonly calls: GoogleServer['calls']
  readonly env: Readonly<Record<string, string>>
}

async function openSheet(project: CliProject): Promise<Sheet> {
  const server = await openGoogleServer()
  project.write({ 'login.json': JSON.stringify(login) })
  const sheet = {
    rows: captains,
    calls: server.calls,
    env: { SQLFLOW_SHEETS_ENDPOINT: server.url, GOOGLE_APPLICATION_CREDENTIALS: 'login.json', HOME: project.root },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  serve(server, sheet)
  return sheet
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
    await using sheet = await openSheet(project)
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
    await using sheet = await openSheet(project)
    const build = async (): Promise<readonly string[]> => loadedBy(await project.run(['run', '--json'], { env: sheet.env }))
    expect(await build()).toEqual(['field.captains 2 rows'])
    expect(await build()).toEqual(['field.captains 2 rows, unchanged'])
    expect(sheet.calls).toHaveLength(4)
    sheet.rows = captains.slice(0, 2)
    expect(await build()).toEqual(['field.captains 1 rows'])
    expect(await project.query('select precinct from analytics.captain_list')).toEqual([['501']])
    project.write({ 'models/sheets.yml': sheets.replace('precinct: {', 'precinct: { type: integer,') })
    expect(await build()).toEqual(['field.captains 1 rows'])
  })

  it('ends the run at the line of a column whose header was renamed; what stands there stays', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet(project)
    await project.run(['build'], { env: sheet.env })
    sheet.rows = [[text('Precinct'), text('Captain'), text('Mobile phone')], ...captains.slice(1)]
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
    await using sheet = await openSheet(project)
    project.write({ 'models/sheets.yml': sheets.replace('precinct: {', 'precinct: { type: integer,') })
    const wrong = await project.run(['build'], { env: sheet.env })
    expect(mistakeOf(wrong)).toBe(
      'models/sheets.yml:5:9 error[sheet-value]: In tab `Captains`, cell A4 does not fit its type, integer.\n' +
        '  hint: Correct the cell, or declare another type for its column.',
    )
    expect(wrong.stdout + wrong.stderr).not.toMatch(/11E1|Ana|555|canary/)
  })

  it('never touches a table that somebody else made', async () => {
    await using project = await create({ files })
    await using sheet = await openSheet(project)
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
    await using sheet = await openSheet(project)
    expect(loadedBy(await project.run(['build', '--json'], { env: sheet.env }))).toEqual(['field.captains 2 rows'])
  })

  it('tells what Google says, at its line, and loads the others', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openSheet(project)
    const others = `      turf: { google_sheet: { spreadsheet: spreadsheet-2 } }\n      doors: { google_sheet: { spreadsheet: spreadsheet-1, tab: Captians } }\n`
    project.write({
      'models/sheets.yml': sheets + others,
      'models/turf.sql': "select 1 as one from {{source 'field' 'turf'}}, {{source 'field' 'doors'}}\n",
    })
    const { exitCode, stderr } = await project.run(['build'], { env: sheet.env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('The sheet of `field.turf` could not be loaded: There is no spreadsheet spreadsheet-2')
    expect(stderr).toContain('error[sheet-tab-missing]: The spreadsheet `Volunteers` has no tab called `Captians`.')
    expect(stderr).toContain('hint: Did you mean `Captains`?')
    expect(await project.query('select count(*) from field.captains')).toEqual([['2']])
  })

  it('is loaded on a protected target by what builds there; others read what is loaded', async () => {
    await using project = await createProject('pglite', { files, config: '  prod: { type: pglite, protected: true }\n' })
    await using sheet = await openSheet(project)
    const look = ['show', '-t', 'prod', '--inline', "select count(*) as captains from {{source 'field' 'captains'}}", '--format', 'csv']
    const early = await project.run(look, { env: sheet.env })
    expect(early.stderr).toContain('error[missing-source]: The source `field.captains` is not loaded on target `prod` yet')
    expect((await project.run(['build', '-t', 'prod'], { env: { ...sheet.env, CI: 'true' } })).exitCode).toBe(0)
    sheet.rows = captains.slice(0, 2)
    expect(await project.run(look, { env: sheet.env })).toEqual({ exitCode: 0, stdout: 'captains\n2\n', stderr: '' })
    expect((await project.run(['test', '-t', 'prod'], { env: sheet.env })).exitCode).toBe(0)
    expect(sheet.calls).toHaveLength(2)
  })

  it('is told by debug, and left alone by clean --orphans', async () => {
    await using project = await createProject('pglite', { files })
    await using sheet = await openSheet(project)
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
    await using sheet = await openSheet(project)
    const set = await project.run(['build', '--json'], { env: { ...sheet.env, CAPTAINS: 'spreadsheet-1' } })
    expect(outcomesOf(set.stdout).map(({ status }) => status)).toEqual(['success', 'success'])
  })
})

describe('a tab that takes several reads', () => {
  const source = { spreadsheet: 'spreadsheet-1', headerRow: 1, at: { file: 'models/sheets.yml', start: 0, end: 0 } }
  const tab = { title: 'Captains', rows: 10, columns: 20_000 } // five rows a read

  function reading(versions: readonly (readonly string[])[]) {
    let calls = 0
    const getRows = async (_id: string, range: string) => {
      const names = versions[Math.min(Math.floor(calls / 2), versions.length - 1)]!
      calls += 1
      return (range.includes('!A1:') ? names.slice(0, 5) : names.slice(5)).map((name) => ({ values: [text(name)] }))
    }
    return { getRows, calls: () => calls }
  }

  it('is read until twice the same came back', async () => {
    const [before, after] = [
      ['Name', 'Ana', 'Bo', 'Kai', 'Mina', 'Zoë'],
      ['Name', 'Ana', 'Bo', 'Kai', 'Mina', 'Zoë', 'Wren'],
    ]
    const calm = reading([before])
    expect(await readTab(calm, source, tab)).toMatchObject({ ok: true, tab: { header: ['Name'] } })
    expect(calm.calls()).toBe(4)
    const busy = reading([before, after])
    const read = await readTab(busy, source, tab)
    expect(read.ok && read.tab.records.map(({ row, cells }) => `${row} ${cells[0]?.seen}`)).toEqual([
      '1 Ana',
      '2 Bo',
      '3 Kai',
      '4 Mina',
      '5 Zoë',
      '6 Wren',
    ])
    expect(busy.calls()).toBe(6)
  })

  it('is refused while somebody works in it', async () => {
    const busy = reading([
      ['Name', 'a'],
      ['Name', 'b'],
      ['Name', 'c'],
      ['Name', 'd'],
      ['Name', 'e'],
    ])
    const read = await readTab(busy, source, tab)
    expect(read.ok ? '' : read.diagnostics[0]?.message).toBe('Tab `Captains` changed each time it was read.')
  })
})
