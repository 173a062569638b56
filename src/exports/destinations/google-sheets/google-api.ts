/**
 * What sqlflow asks of Google Sheets, and the errors it can meet. Behind it stand the account, the budget of calls that all exports of one account
 * share, waiting and trying again; before it stands the destination, which alone knows what a call that may have been applied means.
 */
import type { sheets_v4 } from '@googleapis/sheets'
import { SqlflowError, type SqlflowErrorDetails } from '../../../core/errors.ts'

export type SheetRequest = sheets_v4.Schema$Request
export type SheetReply = sheets_v4.Schema$Response
export type Spreadsheet = sheets_v4.Schema$Spreadsheet

/** As the API gives them: rows of cells, trailing empty ones left out. */
export type SheetValues = readonly (readonly (string | number | boolean)[])[]

/** A row of cells with what people see in them, what stands behind it, and how it is shown; trailing empty ones are left out. */
export type SheetRow = sheets_v4.Schema$RowData
export type SheetCellData = sheets_v4.Schema$CellData

export interface GoogleApi {
  /** Email of the account: whom a spreadsheet is shared with. */
  readonly account: string
  /** Calls that were answered, for reports: one batch is one call. */
  readonly calls: { readonly reads: number; readonly writes: number }
  /** Properties, tabs with their properties, metadata and filters; no cell. One read. */
  getSpreadsheet(id: string): Promise<Spreadsheet>
  /** Cells as they were typed: a formula is its text, a date its serial number. One read, in the order of `ranges` (A1 notation). */
  getValues(id: string, ranges: readonly string[]): Promise<readonly SheetValues[]>
  /** Cells as people see them (`formattedValue`), their values and number formats. One read. */
  getRows(id: string, range: string): Promise<readonly SheetRow[]>
  /**
   * All of the requests or none. One write. `repeatable`: sent again after any fault that passes, because it does the same twice; `once`: sent
   * again only where it was certainly not applied, otherwise GoogleError with `outcome: 'unknown'`.
   */
  batchUpdate(id: string, requests: readonly SheetRequest[], meaning: 'repeatable' | 'once'): Promise<readonly SheetReply[]>
  /**
   * Cells as they are, never parsed (RAW), to `range`. `body`: the JSON of a ValueRange, UTF-8. One write. Sent again after faults that pass, except
   * after one that speaks of too large a piece (500, 504, no answer in time): then GoogleError with `outcome: 'unknown'`, for a smaller piece.
   */
  writeValues(id: string, range: string, body: Uint8Array): Promise<void>
  /** Waits as before a further try of a call, the longer the more tries there were, and tells why. */
  rest(tries: number, reason: string): Promise<void>
  /** Takes away what was made aside; also where the run was cancelled. Tried once; what fails is left to the next run. */
  cleanUp(id: string, requests: readonly SheetRequest[]): Promise<void>
}

/** How a call ended: `refused`: not applied, and would be refused again; `unknown`: it may have been applied. */
export type CallOutcome = 'refused' | 'unknown'

export interface GoogleErrorDetails extends SqlflowErrorDetails {
  readonly outcome: CallOutcome
  /** Of HTTP; absent where no answer came. */
  readonly status?: number | undefined
}

/** Holds no part of a request or an answer but status, reason and Google's own message: those of rows and tokens never reach it. */
export class GoogleError extends SqlflowError {
  readonly outcome: CallOutcome
  readonly status: number | undefined

  constructor(code: string, message: string, details: GoogleErrorDetails) {
    super(code, message, details)
    this.name = 'GoogleError'
    this.outcome = details.outcome
    this.status = details.status
  }
}
