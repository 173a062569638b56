import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { sheets_v4 } from '@googleapis/sheets'
import { startSheetsEmulator, type SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { googleClient, refusal, type GoogleClient } from './google-client.ts'

let emulator: SheetsEmulator
let client: GoogleClient

beforeAll(async () => {
  emulator = await startSheetsEmulator()
  client = googleClient(emulator)
})

afterAll(async () => emulator.close())

async function batch(spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]): Promise<readonly sheets_v4.Schema$Response[]> {
  const { data } = await client.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })
  return data.replies ?? []
}

function text(...values: readonly string[]): sheets_v4.Schema$RowData {
  return { values: values.map((stringValue) => ({ userEnteredValue: { stringValue } })) }
}

describe('batchUpdate', () => {
  it('applies all requests and answers each', async () => {
    const id = emulator.createSpreadsheet({
      sharedWith: [emulator.serviceAccount().client_email],
      title: 'Organizing',
      tabs: { Supporters: [['name'], ['Ada']] },
    })
    const replies = await batch(
      id,
      { addSheet: { properties: { sheetId: 7, title: 'Events', gridProperties: { rowCount: 3, columnCount: 2 } } } },
      { updateCells: { start: { sheetId: 7 }, rows: [text('event', 'zip'), text('Rally', '00501')], fields: 'userEnteredValue' } },
    )
    expect(replies).toEqual([
      {
        addSheet: {
          properties: { sheetId: 7, title: 'Events', index: 1, sheetType: 'GRID', gridProperties: { rowCount: 3, columnCount: 2 } },
        },
      },
      {},
    ])
    expect(emulator.values(id, 'Events')).toEqual([
      ['event', 'zip'],
      ['Rally', '00501'],
    ])
  })

  it('applies none when one is refused', async () => {
    const id = emulator.createSpreadsheet({
      sharedWith: [emulator.serviceAccount().client_email],
      title: 'Organizing',
      tabs: { Supporters: [['name'], ['Ada']] },
    })
    const before = emulator.snapshot(id)
    const refused = await refusal(
      batch(
        id,
        { updateCells: { range: { sheetId: 0 }, rows: [text('gone')], fields: 'userEnteredValue' } },
        { deleteSheet: { sheetId: 99 } },
      ),
    )
    expect(refused).toEqual({ status: 400, state: 'INVALID_ARGUMENT', message: 'Invalid requests[1].deleteSheet: No sheet with id: 99' })
    expect(emulator.snapshot(id)).toEqual(before)
  })
})
