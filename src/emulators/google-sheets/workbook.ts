/**
 * A spreadsheet in memory. A batch works on a draft that shares everything with the workbook until it changes it: all of a batch is kept or nothing,
 * and a draft of a million cells costs nothing before it is written to.
 */
import type { JsonObject } from './json.ts'

export type CellValue = string | number | boolean

export interface Cell {
  /** Of a formula, what it computes to. */
  readonly value?: CellValue
  /** As it was typed, `=` first. */
  readonly formula?: string
  readonly format?: JsonObject
  readonly note?: string
  readonly validation?: JsonObject
}

export type Row = (Cell | undefined)[]

export interface Metadata {
  readonly metadataId: number
  readonly metadataKey: string
  readonly metadataValue: string
  readonly visibility: string
  /** Of a row or a column. */
  readonly range?: DimensionRange
}

export interface DimensionRange {
  readonly sheetId: number
  readonly dimension: 'ROWS' | 'COLUMNS'
  readonly startIndex: number
  readonly endIndex: number
}

/** `sheet`: that which it is attached to; undefined for the spreadsheet itself. */
export interface PlacedMetadata {
  readonly metadata: Metadata
  readonly sheet: Sheet | undefined
}

export interface GridRange {
  readonly sheetId?: number
  readonly startRowIndex?: number
  readonly endRowIndex?: number
  readonly startColumnIndex?: number
  readonly endColumnIndex?: number
}

export interface ProtectedRange {
  readonly protectedRangeId: number
  readonly range: GridRange
  readonly description?: string
  readonly warningOnly?: boolean
  readonly editors?: { readonly users?: readonly string[] }
}

export interface Sheet {
  readonly sheetId: number
  title: string
  hidden: boolean
  rowCount: number
  columnCount: number
  frozenRowCount: number
  frozenColumnCount: number
  rows: (Row | undefined)[]
  metadata: Metadata[]
  filter: { readonly range: GridRange; readonly [key: string]: unknown } | undefined
  protectedRanges: ProtectedRange[]
  /** Pixels, by column. */
  widths: Map<number, number>
  hasFormulas: boolean
  /** Rows that belong to this draft alone. */
  own: { readonly rows: Set<number> } | undefined
}

export type Role = 'owner' | 'writer' | 'reader'

export interface Workbook {
  readonly id: string
  title: string
  locale: string
  timeZone: string
  sheets: Sheet[]
  metadata: Metadata[]
  namedRanges: { readonly namedRangeId: string; readonly name: string; readonly range: GridRange }[]
  /** By email. */
  readonly sharing: Map<string, Role>
  /** ISO 8601. */
  modified: string
  /** Counts commits. */
  version: number
  /** A file of Excel, which the API of Sheets refuses. */
  readonly isExcel: boolean
}

export function createSheet(sheetId: number, title: string, grid: { readonly rows: number; readonly columns: number }): Sheet {
  return {
    sheetId,
    title,
    hidden: false,
    rowCount: grid.rows,
    columnCount: grid.columns,
    frozenRowCount: 0,
    frozenColumnCount: 0,
    rows: [],
    metadata: [],
    filter: undefined,
    protectedRanges: [],
    widths: new Map(),
    hasFormulas: false,
    own: { rows: new Set() },
  }
}

/** What a batch changes; the workbook stays as it is. */
export function draftOf(workbook: Workbook): Workbook {
  return {
    ...workbook,
    sheets: workbook.sheets.map((sheet) => ({
      ...sheet,
      metadata: [...sheet.metadata],
      protectedRanges: [...sheet.protectedRanges],
      own: undefined,
    })),
    metadata: [...workbook.metadata],
    namedRanges: [...workbook.namedRanges],
  }
}

export function cellAt(sheet: Sheet, row: number, column: number): Cell | undefined {
  return sheet.rows[row]?.[column]
}

/** A row that may be written to. */
export function writableRow(sheet: Sheet, row: number): Row {
  const rows = writableRows(sheet)
  const known = rows[row]
  if (known && sheet.own!.rows.has(row)) return known
  const own = known ? known.slice() : []
  rows[row] = own
  sheet.own!.rows.add(row)
  return own
}

/** The rows as a list that may be changed; each row is still shared. */
export function writableRows(sheet: Sheet): (Row | undefined)[] {
  if (!sheet.own) {
    sheet.rows = sheet.rows.slice()
    sheet.own = { rows: new Set() }
  }
  return sheet.rows
}

/** After rows moved, none is known to be this draft's own. */
export function forgetOwnRows(sheet: Sheet): void {
  sheet.own = { rows: new Set() }
}

export function isFilled(cell: Cell | undefined): boolean {
  return cell !== undefined && (cell.formula !== undefined || (cell.value !== undefined && cell.value !== ''))
}

/** One past the last row that holds a value. */
export function filledRows(sheet: Sheet): number {
  for (let row = sheet.rows.length - 1; row >= 0; row--) if (sheet.rows[row]?.some(isFilled) === true) return row + 1
  return 0
}

export function cellCount(workbook: Workbook): number {
  return workbook.sheets.reduce((sum, sheet) => sum + sheet.rowCount * sheet.columnCount, 0)
}

export function allMetadata(workbook: Workbook): readonly PlacedMetadata[] {
  return [
    ...workbook.metadata.map((metadata) => ({ metadata, sheet: undefined })),
    ...workbook.sheets.flatMap((sheet) => sheet.metadata.map((metadata) => ({ metadata, sheet }))),
  ]
}
