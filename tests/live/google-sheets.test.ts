/**
 * What the exports to Google Sheets rest on, asked of the service itself: each fact as it was read in Google's documentation or seen in recordings, in a
 * tab of its own that is deleted at the end. The emulator is asked the same, so that it and these tests say one thing.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSpreadsheets } from '../../src/exports/destinations/google-sheets/check-spreadsheets.ts'
import { findGoogleAccount } from '../../src/exports/destinations/google-sheets/find-account.ts'
import { GoogleError, type GoogleApi, type SheetReply, type SheetRequest } from '../../src/exports/destinations/google-sheets/google-api.ts'
import { openGoogleApi } from '../../src/exports/destinations/google-sheets/open-google-api.ts'
import { parseSpreadsheet } from '../../src/project/spreadsheet-id.ts'
import { startSheets } from '../support/sheets.ts'

interface Service extends AsyncDisposable {
  readonly api: GoogleApi
  readonly spreadsheet: string
}

const quiet = { signal: new AbortController().signal, onWait: tell, onRetry: tell }

function tell(reason: string): void {
  process.stderr.write(`${reason}\n`)
}

function accountHere(env: NodeJS.ProcessEnv): ReturnType<typeof findGoogleAccount> {
  return findGoogleAccount({ settings: {}, env, home: homedir(), root: process.cwd(), readFile: (path) => readFileSync(path, 'utf8') })
}

async function openEmulator(): Promise<Service> {
  const sheets = await startSheets()
  const { emulator, env } = sheets
  const account = accountHere(env)!
  const spreadsheet = emulator.createSpreadsheet({ title: 'Volunteers', sharedWith: [emulator.serviceAccount().client_email] })
  return {
    api: await openGoogleApi(account, { ...quiet, endpoint: emulator.url }),
    spreadsheet,
    [Symbol.asyncDispose]: () => sheets[Symbol.asyncDispose](),
  }
}

const live = parseSpreadsheet(process.env['SQLFLOW_LIVE_SPREADSHEET'] ?? '')?.id

async function openLive(): Promise<Service> {
  const account = accountHere(process.env)
  if (!account) throw new Error('SQLFLOW_LIVE_SPREADSHEET is set, and no account of Google is (docs/google-accounts.md).')
  const api = await openGoogleApi(account, { ...quiet, endpoint: process.env['SQLFLOW_SHEETS_ENDPOINT'] })
  return { api, spreadsheet: live!, [Symbol.asyncDispose]: async () => {} }
}

if (live === undefined) {
  tell(
    'Google itself is not asked: set SQLFLOW_LIVE_SPREADSHEET to the URL of a spreadsheet that nobody needs, and an account that may edit it.',
  )
}

const services: readonly (readonly [string, () => Promise<Service>])[] = [
  ['the Google Sheets emulator', openEmulator],
  ...(live === undefined ? [] : [['Google', openLive] as const]),
]

/** A number for tabs and metadata that nobody else has. */
function someId(): number {
  return 1 + Math.floor(Math.random() * 2_000_000_000)
}

describe.each(services)('%s', (_name, open) => {
  let service: Service
  const tab = someId()
  const title = `sqlflow live test ${tab}`

  const batch = (...requests: readonly SheetRequest[]): Promise<readonly SheetReply[]> =>
    service.api.batchUpdate(service.spreadsheet, requests, 'once')
  const write = (range: string, values: unknown): Promise<void> =>
    service.api.writeValues(service.spreadsheet, `'${title}'!${range}`, Buffer.from(JSON.stringify({ majorDimension: 'ROWS', values })))
  const read = async (range: string): Promise<unknown> => (await service.api.getValues(service.spreadsheet, [`'${title}'!${range}`]))[0]
  const refusal = async (
    work: Promise<unknown>,
  ): Promise<{ readonly code: string; readonly status: number | undefined; readonly outcome: string }> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof GoogleError)) throw error ?? new Error('nothing was refused')
    return { code: error.code, status: error.status, outcome: error.outcome }
  }
  const area = (row: number, column: number, rows: number, columns: number): object => ({
    sheetId: tab,
    startRowIndex: row,
    endRowIndex: row + rows,
    startColumnIndex: column,
    endColumnIndex: column + columns,
  })

  beforeAll(async () => {
    service = await open()
    await batch({ addSheet: { properties: { sheetId: tab, title, gridProperties: { rowCount: 60, columnCount: 10 } } } })
  })
  afterAll(async () => {
    await batch({ deleteSheet: { sheetId: tab } })
    await service[Symbol.asyncDispose]()
  })

  it('keeps values as they are sent raw: texts texts, numbers numbers, truths truths', async () => {
    const row = ['00501', '=1+1', '2020-01-01', 'TRUE', '11E1', '+1', '@x', 43831, 1.5, true]
    await write('A1:J1', [row])
    expect(await read('A1:J1')).toEqual([row])
  })

  it('takes null for a cell to be left alone, and an empty text for one to be emptied', async () => {
    await write('A3:C3', [['old', 'old', 'old']])
    await write('A3:C3', [[null, '', 'new']])
    expect(await read('A3:C3')).toEqual([['old', '', 'new']])
  })

  it('pastes values as they stood: leading zeros, what looks like a formula, truths and blanks, also where a filter hides rows', async () => {
    await write('A5:D8', [
      ['zip', 'text', 'yes', 'blank'],
      ['00501', '=1+1', true, ''],
      ['02134', "'quoted", false, 'x'],
      ['30301', '1928', true, ''],
    ])
    await write('F5:I8', [
      ['zip', 'text', 'yes', 'blank'],
      ['old', 'old', 'old', 'old'],
      ['old', 'old', 'old', 'old'],
      ['old', 'old', 'old', 'old'],
    ])
    await batch({ setBasicFilter: { filter: { range: area(4, 5, 4, 4), criteria: { 5: { hiddenValues: ['old'] } } } } })
    await batch({ copyPaste: { source: area(4, 0, 4, 4), destination: area(4, 5, 4, 4), pasteType: 'PASTE_VALUES' } })
    expect(await read('F5:I8')).toEqual(await read('A5:D8'))
    expect(await read('A6:B6')).toEqual([['00501', '=1+1']])
    await batch({ clearBasicFilter: { sheetId: tab } })
  })

  it('clears, of the fields that are named, the cells of a range that no row covers', async () => {
    await write('A10:B12', [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ])
    const rows = [{ values: [{ userEnteredValue: { stringValue: 'new' } }] }]
    await batch({ updateCells: { range: area(9, 0, 3, 2), rows, fields: 'userEnteredValue' } })
    expect(await read('A10:B12')).toEqual([['new']])
  })

  it('adds no apostrophe to a text, and takes none away', async () => {
    const texts = ["'x", '1928', '=A1', '00501']
    const rows = [{ values: texts.map((stringValue) => ({ userEnteredValue: { stringValue } })) }]
    await batch({ updateCells: { range: area(13, 0, 1, 4), rows, fields: 'userEnteredValue' } })
    expect(await read('A14:D14')).toEqual([texts])
  })

  it('refuses metadata whose id is in use, with all that stands beside it', async () => {
    const metadataId = someId()
    const entry = {
      metadataId,
      metadataKey: 'sqlflow.live-test',
      metadataValue: 'x'.repeat(900),
      location: { sheetId: tab },
      visibility: 'DOCUMENT',
    }
    const claim = { createDeveloperMetadata: { developerMetadata: entry } }
    await batch(claim)
    await write('A16', [['before']])
    const rows = [{ values: [{ userEnteredValue: { stringValue: 'after' } }] }]
    const second = batch({ updateCells: { range: area(15, 0, 1, 1), rows, fields: 'userEnteredValue' } }, claim)
    expect(await refusal(second)).toEqual({ code: 'google-refused', status: 400, outcome: 'refused' })
    expect(await read('A16')).toEqual([['before']])
    const found = (await service.api.getSpreadsheet(service.spreadsheet)).sheets?.find(({ properties }) => properties?.sheetId === tab)
    expect(found?.developerMetadata?.map((one) => [one.metadataId, one.metadataValue?.length])).toEqual([[metadataId, 900]])
  })

  it('refuses a tab whose number is taken, one that is not there, and what does not fit the grid', async () => {
    const refused = { code: 'google-refused', status: 400, outcome: 'refused' }
    expect(await refusal(batch({ addSheet: { properties: { sheetId: tab, title: `${title} again` } } }))).toEqual(refused)
    expect(await refusal(batch({ deleteSheet: { sheetId: someId() } }))).toEqual(refused)
    expect(await refusal(write('A61:A62', [['x'], ['y']]))).toEqual(refused)
  })

  it('says that a tab is not there, and a spreadsheet', async () => {
    expect(await refusal(service.api.getValues(service.spreadsheet, [`'no such tab ${tab}'!A1`]))).toEqual({
      code: 'google-no-tab',
      status: 400,
      outcome: 'refused',
    })
    expect(await refusal(service.api.getSpreadsheet('1sqlflowHasNoSuchSpreadsheetAtAll0000000000x'))).toEqual({
      code: 'google-no-spreadsheet',
      status: 404,
      outcome: 'refused',
    })
  })

  it('answers to who may edit, and changes nothing, where metadata are to go that are not there', async () => {
    const before = await service.api.getSpreadsheet(service.spreadsheet)
    const oks: boolean[] = []
    for await (const { ok } of checkSpreadsheets(service.api, [{ export: 'turf', spreadsheet: service.spreadsheet, tab: title }]))
      oks.push(ok)
    expect(oks).toEqual([true])
    expect(await service.api.getSpreadsheet(service.spreadsheet)).toEqual(before)
  })
})
