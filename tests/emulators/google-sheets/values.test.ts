import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal } from './google-client.ts'
import { area, openGround, type Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => ground[Symbol.asyncDispose]())

async function update(spreadsheetId: string, range: string, values: unknown[][], valueInputOption = 'RAW'): Promise<unknown> {
  const { data } = await ground.client.sheets.spreadsheets.values.update({
    spreadsheetId,
    range,
    valueInputOption,
    requestBody: { values },
  })
  return data
}

describe('values.update', () => {
  it('keeps what it gets with RAW, skips null and empties cells with empty text', async () => {
    const id = ground.create({
      Supporters: [
        ['name', 'zip', 'note'],
        ['Ada', '00501', 'old'],
      ],
    })
    expect(
      await update(id, 'Supporters!A2', [
        [null, '=1+1', ''],
        ['11E1', 12.5, true],
      ]),
    ).toEqual({
      spreadsheetId: id,
      updatedRange: 'Supporters!A2:C3',
      updatedRows: 2,
      updatedColumns: 3,
      updatedCells: expect.any(Number),
    })
    expect(ground.emulator.values(id, 'Supporters')).toEqual([
      ['name', 'zip', 'note'],
      ['Ada', '=1+1'],
      ['11E1', 12.5, true],
    ])
    expect(await ground.read(id, 'Supporters!B2')).toEqual([['=1+1']])
  })

  it('parses with USER_ENTERED, which loses zip codes', async () => {
    const id = ground.create({ Sheet1: [] })
    await update(id, 'Sheet1!A1', [['00501', '11E1', '2020-01-01', '$1,234.50', '25%', 'TRUE', "'0012", '=SUM(A1:B1)']], 'USER_ENTERED')
    expect(await ground.read(id, 'Sheet1')).toEqual([[501, 110, 43831, 1234.5, 0.25, true, '0012', 611]])
  })

  it('refuses to write past the grid, past the range, into no tab, and what is no value', async () => {
    const id = ground.create({ Sheet1: [] })
    expect(await refusal(update(id, "'Sheet1'!A1001", [['x']]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/exceeds grid limits\. Max rows: 1000, max columns: 26$/),
    })
    expect(await refusal(update(id, 'Sheet1!Z1', [['x', 'y']]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/exceeds grid limits/),
    })
    expect(await refusal(update(id, 'Sheet1!A1:B2', [['x', 'y', 'z']]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/tried writing to column \[C\]/),
    })
    expect(await refusal(update(id, 'Sheet1!A1:B2', [['x'], ['y'], ['z']]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/tried writing to row \[3\]/),
    })
    expect(await refusal(update(id, 'Sheet9!A1', [['x']]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Unable to parse range: /),
    })
    expect(await refusal(update(id, 'Sheet1!A1', [[['x']]]))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^Invalid values\[0\]\[0\]: list_value/),
    })
    expect(await refusal(update(id, 'Sheet1!A1', [['x'.repeat(50_001)]]))).toMatchObject({
      message: expect.stringContaining('Your input contains more than the maximum of 50000 characters in a single cell.'),
    })
    expect(ground.emulator.values(id, 'Sheet1')).toEqual([])
  })
})

describe('values.get', () => {
  it('renders as asked, and leaves out what is empty at the end', async () => {
    const id = ground.create({ Events: [['when', '', 'n'], [43831.5, '', 3], [], ['', '=SUM(C1:C9)', '']] })
    const dated = { userEnteredFormat: { numberFormat: { type: 'DATE_TIME', pattern: 'yyyy-mm-dd hh:mm:ss' } } }
    ground.emulator.edit(id, [{ repeatCell: { range: area(0, [1, 10], [0, 1]), cell: dated, fields: 'userEnteredFormat.numberFormat' } }])
    expect(await ground.read(id, 'Events', 'FORMATTED_VALUE')).toEqual([['when', '', 'n'], ['2020-01-01 12:00:00', '', '3'], [], ['', '3']])
    expect(await ground.read(id, 'Events')).toEqual([['when', '', 'n'], [43831.5, '', 3], [], ['', 3]])
    expect(await ground.read(id, 'Events', 'FORMULA')).toEqual([['when', '', 'n'], [43831.5, '', 3], [], ['', '=SUM(C1:C9)']])
    const { data } = await ground.client.sheets.spreadsheets.values.batchGet({ spreadsheetId: id, ranges: ['Events!A1:B2', 'Events!Z9'] })
    expect(data.valueRanges).toEqual([
      { range: 'Events!A1:B2', majorDimension: 'ROWS', values: [['when'], ['2020-01-01 12:00:00']] },
      { range: 'Events!Z9', majorDimension: 'ROWS' },
    ])
  })

  it('reads columns, quoted tabs, open ranges, and cells of the first tab', async () => {
    const id = ground.create({ "Ada's tab": [['a', 'b'], ['c', 'd'], ['e']] })
    const { data } = await ground.client.sheets.spreadsheets.values.get({
      spreadsheetId: id,
      range: "'Ada''s tab'!A:B",
      majorDimension: 'COLUMNS',
    })
    expect([data.range, data.values]).toEqual([
      "'Ada''s tab'!A1:B1000",
      [
        ['a', 'c', 'e'],
        ['b', 'd'],
      ],
    ])
    expect(await ground.read(id, 'A2:B')).toEqual([['c', 'd'], ['e']])
    expect(await ground.read(id, '2:2')).toEqual([['c', 'd']])
  })

  it('shows numbers by their patterns', async () => {
    const id = ground.create({ T: [[1234.5, -0.256, 43831.75, 1.5, 1.005, 501, 0.1, 12]] })
    const formats = [
      ['CURRENCY', '$#,##0.00'],
      ['PERCENT', '0.0%'],
      ['DATE_TIME', 'mmm d, yyyy h:mm am/pm'],
      ['TIME', '[h]:mm:ss'],
      ['NUMBER', '0.00'],
      ['TEXT', ''],
      ['NUMBER', ''],
      ['NUMBER', '00000'],
    ] as const
    ground.emulator.edit(
      id,
      formats.map(([type, pattern], column) => ({
        repeatCell: {
          range: area(0, [0, 1], [column, column + 1]),
          cell: { userEnteredFormat: { numberFormat: { type, ...(pattern !== '' && { pattern }) } } },
          fields: 'userEnteredFormat.numberFormat',
        },
      })),
    )
    expect(await ground.read(id, 'T', 'FORMATTED_VALUE')).toEqual([
      ['$1,234.50', '-25.6%', 'Jan 1, 2020 6:00 PM', '36:00:00', '1.01', '501', '0.1', '00012'],
    ])
  })
})

describe('values that are written together', () => {
  it('are all written or none', async () => {
    const id = ground.create({ A: [['old']], B: [['old']] })
    const write = async (second: string): Promise<unknown> =>
      ground.client.sheets.spreadsheets.values.batchUpdate({
        spreadsheetId: id,
        requestBody: {
          valueInputOption: 'RAW',
          data: [
            { range: 'A!A1', values: [['new']] },
            { range: second, values: [['new']] },
          ],
        },
      })
    expect(await refusal(write('B!A1001'))).toMatchObject({ status: 400 })
    expect([ground.emulator.values(id, 'A'), ground.emulator.values(id, 'B')]).toEqual([[['old']], [['old']]])
    await write('B!A1')
    expect([ground.emulator.values(id, 'A'), ground.emulator.values(id, 'B')]).toEqual([[['new']], [['new']]])
  })

  it('may name the tab by its number, whatever it is called', async () => {
    const id = ground.create({ A: [], B: [] })
    const { data } = await ground.client.sheets.spreadsheets.values.batchUpdateByDataFilter({
      spreadsheetId: id,
      requestBody: {
        valueInputOption: 'RAW',
        data: [{ dataFilter: { gridRange: area(ground.sheetId(id, 'B'), [1, 2], [0, 2]) }, values: [['x', 'y']] }],
      },
    })
    expect(data.totalUpdatedCells).toBe(2)
    expect(ground.emulator.values(id, 'B')).toEqual([[], ['x', 'y']])
  })
})

describe('values.append', () => {
  it('drifts to the right behind a gap in the last row, as recorded of Google', async () => {
    const id = ground.create({ Sheet1: [] })
    const append = async (range: string, row: readonly string[]): Promise<unknown> => {
      const { data } = await ground.client.sheets.spreadsheets.values.append({
        spreadsheetId: id,
        range,
        valueInputOption: 'RAW',
        requestBody: { values: [[...row]] },
      })
      return [data.tableRange, data.updates?.updatedRange]
    }
    expect(await append('Sheet1', ['a', '', 'c'])).toEqual([undefined, 'Sheet1!A1:C1'])
    expect(await append('Sheet1', ['d', 'e', 'f'])).toEqual(['Sheet1!C1', 'Sheet1!C2:E2'])
    expect(await append('Sheet1!A1', ['g', 'h', 'i'])).toEqual(['Sheet1!A1', 'Sheet1!A2:C2'])
  })
})

describe('values.clear', () => {
  it('clears values and keeps notes', async () => {
    const id = ground.create({ "It's": [['a', 'b'], ['c']] })
    ground.emulator.edit(id, [{ updateCells: { start: { sheetId: 0 }, rows: [{ values: [{ note: 'mine' }] }], fields: 'note' } }])
    const { data } = await ground.client.sheets.spreadsheets.values.clear({ spreadsheetId: id, range: "'It''s'!A1:A2" })
    expect(data.spreadsheetId).toBe(id)
    expect(ground.emulator.values(id, "It's")).toEqual([['', 'b']])
    const { sheets } = await ground.get(id, 'sheets.data.rowData.values.note')
    expect(sheets![0]!.data![0]!.rowData![0]!.values![0]).toEqual({ note: 'mine' })
    await ground.client.sheets.spreadsheets.values.batchClear({ spreadsheetId: id, requestBody: { ranges: ["'It''s'!B:B"] } })
    expect(ground.emulator.values(id, "It's")).toEqual([])
  })
})
