/** Batches are applied whole or not at all, whatever is in them. */
import type { sheets_v4 } from '@googleapis/sheets'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSheetsEmulator, type SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { googleClient, refusal, type GoogleClient } from './google-client.ts'

type Request = sheets_v4.Schema$Request

let emulator: SheetsEmulator
let client: GoogleClient

beforeAll(async () => {
  emulator = await startSheetsEmulator()
  client = googleClient(emulator)
})

afterAll(() => emulator.close())

function create(tabs: readonly string[] = ['Turf']): string {
  return emulator.createSpreadsheet({ title: 'Field plan', tabs, sharedWith: [emulator.serviceAccount().client_email] })
}

async function batch(spreadsheetId: string, ...requests: Request[]): Promise<readonly sheets_v4.Schema$Response[]> {
  const { data } = await client.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })
  return data.replies ?? []
}

function typed(sheetId: number, rowIndex: number, values: readonly (string | number)[]): Request {
  const cells = values.map((value) => {
    if (typeof value === 'number') return { userEnteredValue: { numberValue: value } }
    return { userEnteredValue: value.startsWith('=') ? { formulaValue: value } : { stringValue: value } }
  })
  return { updateCells: { start: { sheetId, rowIndex, columnIndex: 0 }, rows: [{ values: cells }], fields: 'userEnteredValue' } }
}

describe('a batch', () => {
  it('changes nothing where one of its requests is refused, whatever the others are', async () => {
    const row = fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 5 })
    const id = create()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(30), row), { maxLength: 6 }), fc.nat(6), async (rows, at) => {
        const before = emulator.snapshot(id)
        const requests = rows.map(([index, values]) => typed(0, index, values))
        const refused = await refusal(batch(id, ...requests.toSpliced(at, 0, { deleteSheet: { sheetId: 99 } })))
        expect(refused.message).toMatch(/^Invalid requests\[\d\]\.deleteSheet: No sheet with id: 99$/)
        expect(emulator.snapshot(id)).toEqual(before)
      }),
      { numRuns: 20 },
    )
  })

  it('holds the rows that were written to it, in the order of its requests', async () => {
    const row = fc.array(fc.oneof(fc.integer({ min: 1 }), fc.stringMatching(/^[a-z]{1,6}$/)), { minLength: 3, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(9), row), { minLength: 1, maxLength: 8 }), async (rows) => {
        const id = create()
        await batch(id, ...rows.map(([index, values]) => typed(0, index, values)))
        const model: (string | number)[][] = []
        for (const [index, values] of rows) model[index] = values
        expect(emulator.values(id, 'Turf')).toEqual(Array.from(model, (values) => values ?? []))
      }),
      { numRuns: 20 },
    )
  })

  it.each<readonly [string, Request, string]>([
    ['an id of metadata that is in use', metadata(5), 'Invalid requests[1].createDeveloperMetadata'],
    [
      'a title that is taken',
      { addSheet: { properties: { title: 'turf' } } },
      'Invalid requests[1].addSheet: A sheet with the name "turf" already exists. Please enter another name.',
    ],
    ['the last tab', { deleteSheet: { sheetId: 0 } }, "Invalid requests[1].deleteSheet: You can't remove all the sheets in a document."],
    [
      'more cells than a spreadsheet holds',
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1_000_000 } },
      'Invalid requests[1].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    ],
    [
      'a text that is too long',
      typed(0, 0, ['x'.repeat(50_001)]),
      'Invalid requests[1].updateCells: Your input contains more than the maximum of 50000 characters in a single cell.',
    ],
  ])('refuses %s', async (_what, request, message) => {
    const id = create()
    expect((await refusal(batch(id, metadata(5), request))).message).toContain(message)
    expect(emulator.snapshot(id).version).toBe(1)
  })
})

function metadata(metadataId: number): Request {
  const developerMetadata = { metadataId, metadataKey: 'turf', metadataValue: '1', visibility: 'DOCUMENT', location: { sheetId: 0 } }
  return { createDeveloperMetadata: { developerMetadata } }
}
