/**
 * A spreadsheet that is being changed. Reading and writing go through the draft; what is written to is copied first, a sheet's list of rows once for a batch and a row
 * each time it is replaced. Nothing of the spreadsheet that the draft began with ever changes.
 */
import { invalidArgument } from './google-error.ts'
import type { DeveloperMetadata, JsonObject, NamedRange, Row, Sheet, Spreadsheet } from './spreadsheet.ts'

export interface SheetDraft extends Omit<{ -readonly [K in keyof Sheet]: Sheet[K] }, 'rows'> {
  rows: (Row | undefined)[]
}

export interface Draft {
  title: string
  locale: string
  timeZone: string
  extras: JsonObject
  sheets: readonly Sheet[]
  namedRanges: readonly NamedRange[]
  metadata: readonly DeveloperMetadata[]
  /** How many cells were written so far. */
  written: number
  /** Sheets that this draft has copied already. */
  readonly owned: Map<number, SheetDraft>
}

export function openDraft(spreadsheet: Spreadsheet): Draft {
  return { ...spreadsheet, written: 0, owned: new Map() }
}

export function finishDraft({ title, locale, timeZone, extras, sheets, namedRanges, metadata }: Draft): Spreadsheet {
  return { title, locale, timeZone, extras, sheets, namedRanges, metadata }
}

/** For reading. `noun`: what Google calls it, a sheet where it is named and a grid where a range is. */
export function findSheet({ sheets }: Pick<Draft, 'sheets'>, sheetId: number | null | undefined, noun: 'sheet' | 'grid' = 'grid'): Sheet {
  const sheet = sheets.find(({ id }) => id === (sheetId ?? 0))
  if (!sheet) throw invalidArgument(`No ${noun} with id: ${sheetId ?? 0}`)
  return sheet
}

/** For writing. */
export function writableSheet(draft: Draft, sheetId: number | null | undefined, noun: 'sheet' | 'grid' = 'grid'): SheetDraft {
  const sheet = findSheet(draft, sheetId, noun)
  const known = draft.owned.get(sheet.id)
  if (known) return known
  const copy: SheetDraft = { ...sheet, rows: [...sheet.rows] }
  draft.owned.set(copy.id, copy)
  draft.sheets = draft.sheets.map((one) => (one.id === copy.id ? copy : one))
  return copy
}

export function addToDraft(draft: Draft, sheet: Sheet, index: number): SheetDraft {
  const copy: SheetDraft = { ...sheet, rows: [...sheet.rows] }
  draft.owned.set(copy.id, copy)
  draft.sheets = [...draft.sheets.slice(0, index), copy, ...draft.sheets.slice(index)]
  return copy
}
