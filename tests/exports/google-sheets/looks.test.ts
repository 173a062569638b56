/** What stands in the sheet besides plain rows: where the table begins, how cells look, formulas, times, stamps, filters. */
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../src/emulators/google-sheets/workbook.ts'
import { createSheetProject, sheetId, tabOf, typed, writesSince, type SheetProject, type SheetProjectOptions } from './sheet-project.ts'

function queryTo(sql: string, to = '', lines = ''): string {
  return `query: ${JSON.stringify(sql)}\n${lines}to:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf${to} }\n`
}

async function open(file: string, options: SheetProjectOptions = {}): Promise<SheetProject> {
  return await createSheetProject({ ...options, files: { 'exports/turf_sheet.yml': file, ...options.files } })
}

async function exported(sheets: SheetProject, ...args: readonly string[]): Promise<void> {
  const result = await sheets.run(['export', ...args], { now: new Date('2026-11-03T17:30:45Z') })
  expect(result).toMatchObject({ exitCode: 0 })
}

function cell(sheets: SheetProject, row: number, column: number): Cell | undefined {
  return tabOf(sheets, 'Turf').rows[row]?.[column]
}

function values({ emulator }: SheetProject): readonly (readonly unknown[])[] {
  return emulator.values(sheetId, 'Turf')
}

describe('The table', () => {
  it('begins at `start`, has no header where none is wanted, and `null_text` for what is missing', async () => {
    await using sheets = await open(
      queryTo("select * from (values (1, 'Ana'), (2, null)) v(id, name)", ', start: C3, header: false, null_text: n/a', 'order_by: id\n'),
    )
    await exported(sheets)
    expect(values(sheets)).toEqual([[], [], ['', '', 1, 'Ana'], ['', '', 2, 'n/a']])
    expect(tabOf(sheets, 'Turf').frozenRowCount).toBe(0)
  })

  it('moves to another `start` as a whole', async () => {
    const sql = "select * from (values (1, date '2026-11-03'), (2, date '2026-11-04')) v(id, day)"
    await using sheets = await open(queryTo(sql, '', 'order_by: id\n'))
    await exported(sheets)
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql, ', start: B2', 'order_by: id\n') })
    await exported(sheets)
    expect(values(sheets)).toEqual([[], ['', 'id', 'day'], ['', 1, 46_329], ['', 2, 46_330]])
    expect(cell(sheets, 1, 2)?.format).toMatchObject({ textFormat: { bold: true } })
    expect(cell(sheets, 2, 2)?.format).toEqual({ numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } })
  })

  it('has a bold, frozen header, and number formats by type that are set once', async () => {
    const sql = (day: string): string =>
      `select 1 as id, '00501' as zip, date '${day}' as day, timestamp '${day} 18:30' as at, 12.5 as share, time '08:15' as opens`
    const lines = 'columns: { id: , zip: , day: , at: , share: { format: "0.00%" }, opens: }\n'
    await using sheets = await open(queryTo(sql('2026-11-03'), '', lines))
    await exported(sheets)
    expect(tabOf(sheets, 'Turf').frozenRowCount).toBe(1)
    expect(cell(sheets, 0, 0)?.format).toEqual({ textFormat: { bold: true } })
    expect([0, 1, 2, 3, 4, 5].map((column) => cell(sheets, 1, column))).toEqual([
      { value: 1 },
      { value: '00501', format: { numberFormat: { type: 'TEXT', pattern: '@' } } },
      { value: 46_329, format: { numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } } },
      { value: 46_329.77083333334, format: { numberFormat: { type: 'DATE_TIME', pattern: 'yyyy-mm-dd hh:mm:ss' } } },
      { value: 12.5, format: { numberFormat: { type: 'PERCENT', pattern: '0.00%' } } },
      { value: 0.34375, format: { numberFormat: { type: 'TIME', pattern: 'hh:mm:ss' } } },
    ])
    const { sheetId: tab } = tabOf(sheets, 'Turf')
    const mine = { numberFormat: { type: 'DATE', pattern: 'd mmm' } }
    sheets.emulator.edit(sheetId, [
      {
        repeatCell: {
          range: { sheetId: tab, startRowIndex: 1, startColumnIndex: 2, endColumnIndex: 3 },
          cell: { userEnteredFormat: mine },
          fields: 'userEnteredFormat.numberFormat',
        },
      },
    ])
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql('2026-11-04'), '', lines) })
    await exported(sheets)
    expect(cell(sheets, 1, 2)).toEqual({ value: 46_330, format: mine })
  })

  it('keeps every digit and every character of what a spreadsheet would change', async () => {
    const sql = `select 12345678901234567890::numeric as big, '11E1' as code, '=IMPORTXML("x")' as formula, 'NaN'::numeric as nothing, '{"a": 1}'::jsonb as json, true as yes, array['a','b'] as list, '+1' as plus, '''x' as quoted, 1e15::bigint as digits`
    await using sheets = await open(queryTo(sql))
    await exported(sheets)
    expect(values(sheets)[1]).toEqual([
      '12345678901234567890',
      '11E1',
      '=IMPORTXML("x")',
      'NaN',
      '{"a":1}',
      true,
      '{a,b}',
      '+1',
      "'x",
      1e15,
    ])
    expect(cell(sheets, 1, 2)).not.toHaveProperty('formula')
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql, ', big_numbers: number') })
    await exported(sheets)
    expect(values(sheets)[1]![0]).toBe(Number('12345678901234567890'))
  })

  it('holds formulas where the export says so', async () => {
    await using sheets = await open(
      queryTo(
        "select * from (values (2, '=A2*2'), (3, 'none')) v(id, twice)",
        '',
        'order_by: id\ncolumns: { id: ID, twice: { title: Twice, formula: true } }\n',
      ),
    )
    await exported(sheets)
    expect(cell(sheets, 1, 1)).toMatchObject({ formula: '=A2*2' })
    expect(cell(sheets, 2, 1)).toEqual({ value: 'none' })
  })

  it('shows times in the zone of the spreadsheet, or that of the export', async () => {
    const sql = "select timestamptz '2026-11-03 23:30+00' as at"
    await using sheets = await open(queryTo(sql))
    await exported(sheets)
    expect(values(sheets)[1]).toEqual([46_329.97916666666])
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql, ', time_zone: America/New_York') })
    await exported(sheets)
    expect(values(sheets)[1]).toEqual([46_329.77083333334])
  })
})

describe('A stamp', () => {
  it('is a note on the header, which tells when the data changed', async () => {
    await using sheets = await open(
      `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf, stamp: header_note, time_zone: America/New_York }\n`,
    )
    await exported(sheets)
    expect(cell(sheets, 0, 0)?.note).toBe('Data as of 2026-11-03 12:30 America/New_York, written by sqlflow.')
    const from = sheets.emulator.requests.length
    await sheets.run(['export'], { now: new Date('2026-11-04T12:00:00Z') })
    expect(writesSince(sheets.emulator, from)).toEqual([])
    expect(cell(sheets, 0, 0)?.note).toContain('2026-11-03 12:30')
  })

  it('is a cell, which for `checked` costs one write when nothing changed', async () => {
    await using sheets = await open(
      `from: turf\nto:\n  google_sheets: { spreadsheet: ${sheetId}, tab: Turf, stamp: { cell: F1, time: checked } }\n`,
    )
    await exported(sheets)
    expect(cell(sheets, 0, 5)).toEqual({
      value: 46_329.7296875,
      format: { numberFormat: { type: 'DATE_TIME', pattern: '"Data as of "yyyy-mm-dd hh:mm' } },
    })
    const from = sheets.emulator.requests.length
    await sheets.run(['export'], { now: new Date('2026-11-04T12:00:00Z') })
    expect(sheets.emulator.requests.slice(from).map(({ kind }) => kind)).toEqual(['other', 'read', 'write'])
    expect(cell(sheets, 0, 5)?.value).toBe(46_330.5)
    expect(values(sheets)[1]).toEqual([1, 'Ana'])
  })
})

describe('What people made', () => {
  it('a filter goes on to the new end of the table', async () => {
    await using sheets = await createSheetProject({ csv: 'id,name\n1,Ana\n2,Ben\n' })
    await exported(sheets)
    const { sheetId: tab } = tabOf(sheets, 'Turf')
    const criteria = { 1: { hiddenValues: ['Ben'] } }
    sheets.emulator.edit(sheetId, [
      {
        setBasicFilter: {
          filter: { range: { sheetId: tab, startRowIndex: 0, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 2 }, criteria },
        },
      },
    ])
    await sheets.load('id,name\n1,Ana\n2,Ben\n3,Cleo\n4,Dan\n')
    await exported(sheets)
    expect(tabOf(sheets, 'Turf').filter).toMatchObject({
      range: { startRowIndex: 0, endRowIndex: 5, startColumnIndex: 0, endColumnIndex: 2 },
      criteria,
    })
  })

  it('a tab that they deleted is made again; with another `tab:` the old one stays', async () => {
    await using sheets = await createSheetProject()
    await exported(sheets)
    sheets.emulator.edit(sheetId, [{ deleteSheet: { sheetId: tabOf(sheets, 'Turf').sheetId } }])
    await exported(sheets)
    expect(values(sheets)).toEqual([
      ['id', 'name'],
      [1, 'Ana'],
    ])
    const file = 'exports/turf_sheet.yml'
    sheets.project.write({ [file]: sheets.project.read(file)!.replace('tab: Turf', 'tab: Walk') })
    await exported(sheets)
    expect(sheets.emulator.snapshot(sheetId).tabs.map(({ title }) => title)).toEqual(['Sheet1', 'Turf', 'Walk'])
    expect(sheets.emulator.values(sheetId, 'Walk')).toEqual(values(sheets))
  })

  it('what they typed over the table stays while nothing changed, and goes with `--force`', async () => {
    await using sheets = await createSheetProject()
    await exported(sheets)
    sheets.emulator.edit(sheetId, [typed(tabOf(sheets, 'Turf').sheetId, 'B2', ['Anna'])])
    await exported(sheets)
    expect(values(sheets)[1]).toEqual([1, 'Anna'])
    await exported(sheets, '--force')
    expect(values(sheets)[1]).toEqual([1, 'Ana'])
  })
})

describe('The order of rows', () => {
  const sql = (order: string): string => `select * from (values (1, 'Ana'), (2, 'Ben')) v(id, name) order by id ${order}`

  it('changes nothing without `order_by`, and is data with it', async () => {
    await using sheets = await open(queryTo(sql('asc')))
    await exported(sheets)
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql('desc')) })
    const from = sheets.emulator.requests.length
    await exported(sheets)
    expect(writesSince(sheets.emulator, from)).toEqual([])
    sheets.project.write({ 'exports/turf_sheet.yml': queryTo(sql('asc'), '', 'order_by: id desc\n') })
    await exported(sheets)
    expect(values(sheets)).toEqual([
      ['id', 'name'],
      [2, 'Ben'],
      [1, 'Ana'],
    ])
  })
})
