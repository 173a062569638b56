/** An emulator with Google's client before it, and spreadsheets that begin with values. */
import type { sheets_v4 } from '@googleapis/sheets'
import {
  startSheetsEmulator,
  type SheetsEmulator,
  type SheetsEmulatorOptions,
} from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'
import { googleClient, refusal, type GoogleClient } from './google-client.ts'

export type SheetRequest = sheets_v4.Schema$Request
export type Value = string | number | boolean
export type Values = readonly (readonly Value[])[]

export interface Ground extends AsyncDisposable {
  readonly emulator: SheetsEmulator
  readonly client: GoogleClient
  /** Tabs by title, with what they begin with; text that begins with `=` is a formula. Shared with the account of the client. Returns the id. */
  readonly create: (tabs: Readonly<Record<string, Values>>) => string
  readonly batch: (id: string, ...requests: readonly SheetRequest[]) => Promise<readonly sheets_v4.Schema$Response[]>
  /** The message with which a batch is refused, after which the spreadsheet is as before. */
  readonly refused: (id: string, ...requests: readonly SheetRequest[]) => Promise<string>
  /** `FORMULA`: as typed; otherwise what it computes. */
  readonly read: (id: string, range: string, valueRenderOption?: string) => Promise<unknown>
  readonly sheetId: (id: string, tab: string) => number
  readonly get: (id: string, fields?: string) => Promise<sheets_v4.Schema$Spreadsheet>
}

export async function openGround(options: SheetsEmulatorOptions = {}): Promise<Ground> {
  const emulator = await startSheetsEmulator(options)
  const client = googleClient(emulator)
  const sheetId = (id: string, tab: string): number => emulator.snapshot(id).tabs.find(({ title }) => title === tab)!.sheetId
  const batch: Ground['batch'] = async (spreadsheetId, ...requests) => {
    const { data } = await client.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests: [...requests] } })
    return data.replies ?? []
  }
  const get: Ground['get'] = async (spreadsheetId, fields) =>
    (await client.sheets.spreadsheets.get({ spreadsheetId, ...(fields !== undefined && { fields }) })).data
  return {
    emulator,
    client,
    sheetId,
    batch,
    get,
    create: (tabs) => {
      const id = emulator.createSpreadsheet({
        title: 'Field plan',
        tabs: Object.keys(tabs),
        sharedWith: [emulator.serviceAccount().client_email],
      })
      for (const [tab, rows] of Object.entries(tabs)) if (rows.length > 0) emulator.edit(id, [typed(sheetId(id, tab), rows)])
      return id
    },
    refused: async (id, ...requests) => {
      const before = JSON.stringify(await get(id, '*'))
      const { status, message } = await refusal(batch(id, ...requests))
      if (status !== 400) throw new Error(`${status}: ${message}`)
      if (JSON.stringify(await get(id, '*')) !== before) throw new Error('A part of the batch was applied.')
      return message
    },
    read: async (spreadsheetId, range, valueRenderOption = 'UNFORMATTED_VALUE') =>
      (await client.sheets.spreadsheets.values.get({ spreadsheetId, range, valueRenderOption })).data.values ?? [],
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}

/** Values from the cell `row`, `column` on; '' leaves nothing. */
export function typed(sheetId: number, rows: Values, row = 0, column = 0): SheetRequest {
  return {
    updateCells: {
      start: { sheetId, rowIndex: row, columnIndex: column },
      rows: rows.map((values) => ({ values: values.map(cell) })),
      fields: 'userEnteredValue',
    },
  }
}

function cell(value: Value): sheets_v4.Schema$CellData {
  if (value === '') return {}
  if (typeof value === 'number') return { userEnteredValue: { numberValue: value } }
  if (typeof value === 'boolean') return { userEnteredValue: { boolValue: value } }
  return { userEnteredValue: value.startsWith('=') ? { formulaValue: value } : { stringValue: value } }
}

export function textRow(...values: readonly string[]): sheets_v4.Schema$RowData {
  return { values: values.map((stringValue) => ({ userEnteredValue: { stringValue } })) }
}

/** A range by its bounds, half-open. */
export function area(sheetId: number, rows: readonly [number, number], columns: readonly [number, number]): sheets_v4.Schema$GridRange {
  return { sheetId, startRowIndex: rows[0], endRowIndex: rows[1], startColumnIndex: columns[0], endColumnIndex: columns[1] }
}
