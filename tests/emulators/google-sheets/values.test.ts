import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSheetsEmulator, type SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { googleClient, refusal, type GoogleClient } from './google-client.ts'

let emulator: SheetsEmulator
let client: GoogleClient

beforeAll(async () => {
  emulator = await startSheetsEmulator()
  client = googleClient(emulator)
})

afterAll(async () => emulator.close())

describe('values.update', () => {
  it('keeps what it gets with RAW, skips null and empties cells with empty text', async () => {
    const spreadsheetId = emulator.createSpreadsheet({
      sharedWith: [emulator.serviceAccount().client_email],
      title: 'Raw',
      tabs: {
        Supporters: [
          ['name', 'zip', 'note'],
          ['Ada', '00501', 'old'],
        ],
      },
    })
    const { data } = await client.sheets.spreadsheets.values.update({
      spreadsheetId,
      range: 'Supporters!A2',
      valueInputOption: 'RAW',
      requestBody: {
        values: [
          [null, '=1+1', ''],
          ['11E1', 12.5, true],
        ],
      },
    })
    expect(data).toEqual({ spreadsheetId, updatedRange: 'Supporters!A2:C3', updatedRows: 2, updatedColumns: 3, updatedCells: 5 })
    expect(emulator.values(spreadsheetId, 'Supporters')).toEqual([
      ['name', 'zip', 'note'],
      ['Ada', '=1+1'],
      ['11E1', 12.5, true],
    ])
  })

  it('parses with USER_ENTERED, which loses zip codes', async () => {
    const spreadsheetId = emulator.createSpreadsheet({ sharedWith: [emulator.serviceAccount().client_email], title: 'Typed' })
    await client.sheets.spreadsheets.values.update({
      spreadsheetId,
      range: 'A1',
      valueInputOption: 'USER_ENTERED',
      requestBody: { values: [['00501', '11E1', '2020-01-01', '$1,234.50', '25%', 'TRUE', "'0012", '=SUM(A1:B1)']] },
    })
    expect(emulator.values(spreadsheetId, 'Sheet1')).toEqual([[501, 110, 43831, 1234.5, 0.25, true, '0012', '=SUM(A1:B1)']])
    expect(emulator.snapshot(spreadsheetId).tabs[0]!.shown).toEqual([
      ['501', '1.10E+02', '2020-01-01', '$1,234.50', '25%', 'TRUE', '0012', '611'],
    ])
  })

  it('refuses to write past the grid, and past the range', async () => {
    const spreadsheetId = emulator.createSpreadsheet({ sharedWith: [emulator.serviceAccount().client_email], title: 'Small' })
    const write = async (range: string, values: unknown[][]): Promise<unknown> =>
      client.sheets.spreadsheets.values.update({ spreadsheetId, range, valueInputOption: 'RAW', requestBody: { values } })
    expect(await refusal(write("'Sheet1'!A1001", [['x']]))).toMatchObject({
      message: 'Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26',
    })
    expect(await refusal(write('Sheet1!A1:B2', [['x', 'y', 'z']]))).toMatchObject({
      message: 'Requested writing within range [Sheet1!A1:B2], but tried writing to column [C]',
    })
    expect(await refusal(write('Sheet9!A1', [['x']]))).toMatchObject({ status: 400, message: 'Unable to parse range: Sheet9!A1' })
    expect(await refusal(write('Sheet1!A1', [[['x']]]))).toMatchObject({ status: 400, message: 'Invalid values[0][0]: list_value ["x"]' })
  })
})

describe('values.get', () => {
  it('renders as asked, and leaves out what is empty at the end', async () => {
    const spreadsheetId = emulator.createSpreadsheet({
      sharedWith: [emulator.serviceAccount().client_email],
      title: 'Read',
      tabs: { Events: [['when', '', 'n'], [43831.5, null, 3], [], ['', '=SUM(C1:C9)', '']] },
    })
    emulator.edit(spreadsheetId, [
      {
        repeatCell: {
          range: { sheetId: 0, startRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 },
          cell: { userEnteredFormat: { numberFormat: { type: 'DATE_TIME', pattern: 'yyyy-mm-dd hh:mm:ss' } } },
          fields: 'userEnteredFormat.numberFormat',
        },
      },
    ])
    const get = async (options: object): Promise<unknown> =>
      (await client.sheets.spreadsheets.values.get({ spreadsheetId, range: 'Events', ...options })).data.values
    expect(await get({})).toEqual([['when', '', 'n'], ['2020-01-01 12:00:00', '', '3'], [], ['', '3']])
    expect(await get({ valueRenderOption: 'UNFORMATTED_VALUE' })).toEqual([['when', '', 'n'], [43831.5, '', 3], [], ['', 3]])
    expect(await get({ valueRenderOption: 'FORMULA' })).toEqual([['when', '', 'n'], [43831.5, '', 3], [], ['', '=SUM(C1:C9)']])
    const { data } = await client.sheets.spreadsheets.values.batchGet({ spreadsheetId, ranges: ['Events!A1:B2', 'Events!Z9'] })
    expect(data.valueRanges).toEqual([
      { range: 'Events!A1:B2', majorDimension: 'ROWS', values: [['when'], ['2020-01-01 12:00:00']] },
      { range: 'Events!Z9', majorDimension: 'ROWS' },
    ])
  })
})

describe('values.append', () => {
  it('drifts to the right behind a gap in the last row, as recorded of Google', async () => {
    const spreadsheetId = emulator.createSpreadsheet({ sharedWith: [emulator.serviceAccount().client_email], title: 'Drift' })
    const append = async (range: string, row: readonly string[]): Promise<unknown> => {
      const { data } = await client.sheets.spreadsheets.values.append({
        spreadsheetId,
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
  it('clears values and keeps notes and formats', async () => {
    const spreadsheetId = emulator.createSpreadsheet({
      sharedWith: [emulator.serviceAccount().client_email],
      title: 'Clear',
      tabs: { "It's": [['a']] },
    })
    emulator.edit(spreadsheetId, [{ updateCells: { start: { sheetId: 0 }, rows: [{ values: [{ note: 'mine' }] }], fields: 'note' } }])
    const { data } = await client.sheets.spreadsheets.values.clear({ spreadsheetId, range: "'It''s'" })
    expect(data).toEqual({ spreadsheetId, clearedRange: "It's!A1:Z1000" })
    expect(emulator.snapshot(spreadsheetId).tabs[0]).toMatchObject({ values: [], notes: { A1: 'mine' } })
  })
})
