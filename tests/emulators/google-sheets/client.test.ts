/** The emulator as Google's own client sees it. */
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
  it('is applied whole and answered request by request', async () => {
    const id = create()
    const replies = await batch(id, { addSheet: { properties: { sheetId: 7, title: 'Events' } } }, typed(7, 0, ['zip', '00501', 11]))
    expect(replies.map((reply) => Object.keys(reply))).toEqual([['addSheet'], []])
    expect(emulator.values(id, 'Events')).toEqual([['zip', '00501', 11]])
  })

  it('changes nothing where one of its requests is refused, whatever the others are', async () => {
    const row = fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 5 })
    const id = create()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(30), row), { maxLength: 6 }), fc.nat(6), async (rows, at) => {
        const before = emulator.snapshot(id)
        const requests = rows.map(([index, values]) => typed(0, index, values))
        const refused = await refusal(batch(id, ...requests.toSpliced(at, 0, { deleteSheet: { sheetId: 99 } })))
        expect(refused).toMatch(/^400 Invalid requests\[\d\]\.deleteSheet: No sheet with id: 99$/)
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
    ['an id of metadata that is in use', metadata(5), '400 Invalid requests[1].createDeveloperMetadata'],
    [
      'a title that is taken',
      { addSheet: { properties: { title: 'turf' } } },
      '400 Invalid requests[1].addSheet: A sheet with the name "turf" already exists. Please enter another name.',
    ],
    [
      'the last tab',
      { deleteSheet: { sheetId: 0 } },
      "400 Invalid requests[1].deleteSheet: You can't remove all the sheets in a document.",
    ],
    [
      'more cells than a spreadsheet holds',
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1_000_000 } },
      '400 Invalid requests[1].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    ],
    [
      'a text that is too long',
      typed(0, 0, ['x'.repeat(50_001)]),
      '400 Invalid requests[1].updateCells: Your input contains more than the maximum of 50000 characters in a single cell.',
    ],
  ])('refuses %s', async (_what, request, message) => {
    const id = create()
    expect(await refusal(batch(id, metadata(5), request))).toContain(message)
    expect(emulator.snapshot(id).version).toBe(1)
  })
})

function metadata(metadataId: number): Request {
  const developerMetadata = { metadataId, metadataKey: 'turf', metadataValue: '1', visibility: 'DOCUMENT', location: { sheetId: 0 } }
  return { createDeveloperMetadata: { developerMetadata } }
}

describe('formulas', () => {
  it('follow rows that are inserted and deleted, and break with their tab', async () => {
    const id = create(['Turf', 'Totals'])
    const [, totals] = emulator.snapshot(id).tabs
    await batch(id, typed(0, 0, [1]), typed(0, 1, [2]), typed(0, 2, [3]), typed(totals!.sheetId, 0, ['=SUM(Turf!A1:A3)']))
    const formula = async (): Promise<unknown> => {
      const { data } = await client.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Totals!A1', valueRenderOption: 'FORMULA' })
      return data.values?.[0]?.[0]
    }
    await batch(id, { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 2 } } })
    expect(await formula()).toBe('=SUM(Turf!A1:A4)')
    await batch(id, { deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 0, endIndex: 2 } } })
    expect(await formula()).toBe('=SUM(Turf!A1:A2)')
    expect(emulator.snapshot(id).tabs[1]!.rows[0]?.[0]?.value).toBe(5)
    await batch(id, { deleteSheet: { sheetId: 0 } })
    expect(await formula()).toBe('=SUM(#REF!)')
  })
})

describe('values', () => {
  it('are kept as they are, or read as if typed, and trailing empty ones are left out', async () => {
    const id = create()
    const write = (valueInputOption: string, range: string): Promise<unknown> =>
      client.sheets.spreadsheets.values.update({
        spreadsheetId: id,
        range,
        valueInputOption,
        requestBody: { values: [['00501', '=1', true, '']] },
      })
    await write('RAW', 'Turf!A1')
    await write('USER_ENTERED', 'Turf!A2')
    expect(emulator.values(id, 'Turf')).toEqual([
      ['00501', '=1', true],
      [501, '=1', true],
    ])
    const { data } = await client.sheets.spreadsheets.values.batchGet({ spreadsheetId: id, ranges: ['Turf!A1:D1', 'Turf!A9:B9'] })
    expect(data.valueRanges?.map(({ values }) => values)).toEqual([[['00501', '=1', 'TRUE']], undefined])
    expect(await refusal(write('RAW', 'Nowhere!A1'))).toBe('400 Unable to parse range: Nowhere!A1')
  })
})

describe('sharing', () => {
  it('lets editors write, viewers read, and others nothing', async () => {
    const id = create()
    const other = googleClient(emulator, 'viewer')
    const read = (): Promise<unknown> => other.sheets.spreadsheets.get({ spreadsheetId: id })
    expect(await refusal(read())).toBe('403 The caller does not have permission')
    emulator.share(id, emulator.serviceAccount('viewer').client_email, 'reader')
    await read()
    const write = other.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests: [typed(0, 0, ['x'])] } })
    expect(await refusal(write)).toBe('403 The caller does not have permission')
    const { data } = await other.drive.files.get({ fileId: id, fields: 'name,capabilities(canEdit)' })
    expect(data).toEqual({ name: 'Field plan', capabilities: { canEdit: false } })
    expect(await refusal(client.sheets.spreadsheets.get({ spreadsheetId: 'nowhere' }))).toBe('404 Requested entity was not found.')
  })
})

describe('faults', () => {
  it('come before a batch is applied, or after it, when only the answer is lost', async () => {
    const id = create()
    emulator.faults.add({ match: /batchUpdate/, kind: '503-before' })
    expect(await refusal(batch(id, typed(0, 0, ['a'])))).toMatch(/^503/)
    expect(emulator.values(id, 'Turf')).toEqual([])
    emulator.faults.add({ match: /batchUpdate/, kind: '503-after-commit' })
    expect(await refusal(batch(id, typed(0, 0, ['a'])))).toMatch(/^503/)
    expect(emulator.values(id, 'Turf')).toEqual([['a']])
  })

  it('are refusals for the quota where it is counted', async () => {
    let now = Date.now()
    await using counting = await startSheetsEmulator({ quota: true, now: () => now })
    const id = counting.createSpreadsheet({ title: 'Field plan', sharedWith: [counting.serviceAccount().client_email] })
    const { spreadsheets } = googleClient(counting).sheets
    now = Math.ceil(now / 60_000) * 60_000
    for (let call = 0; call < 60; call++) await spreadsheets.get({ spreadsheetId: id })
    expect(await refusal(spreadsheets.get({ spreadsheetId: id }))).toMatch(/^429 Quota exceeded for quota metric 'Read requests'/)
    now += 60_000
    await spreadsheets.get({ spreadsheetId: id })
  })
})
