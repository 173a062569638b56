/**
 * What a spreadsheet holds. Everything here is immutable: a batch works on copies of what it touches (draft.ts) and either becomes the next spreadsheet as a whole or
 * is dropped, which is all that atomicity takes. A cell that is a bare value is that value; rows are arrays that share what did not change.
 */

export type Scalar = string | number | boolean

export type JsonObject = Readonly<Record<string, unknown>>

/** As Google has it: half-open, zero-based; an absent bound is unbounded. */
export interface GridRange {
  readonly sheetId: number
  readonly startRowIndex?: number
  readonly endRowIndex?: number
  readonly startColumnIndex?: number
  readonly endColumnIndex?: number
}

export type Dimension = 'ROWS' | 'COLUMNS'

/** Which bounds of a reference carry a `$`, and so stay when it is copied. */
export interface Anchors {
  readonly startRow: boolean
  readonly endRow: boolean
  readonly startColumn: boolean
  readonly endColumn: boolean
}

export interface Reference {
  /** Undefined: what it referred to is gone, `#REF!`. */
  readonly range: GridRange | undefined
  readonly anchors: Anchors
  /** One cell, written without a colon. */
  readonly single: boolean
  /** Written with the name of its tab. */
  readonly named: boolean
}

/** A formula keeps what it refers to as ranges, so that references follow what is inserted, deleted and renamed. */
export interface Formula {
  readonly parts: readonly (string | Reference)[]
}

export interface RichCell {
  readonly value?: Scalar | Formula
  readonly format?: JsonObject
  readonly note?: string
  /** Data validation and other fields that are kept and given back, and mean nothing here. */
  readonly extras?: JsonObject
}

export type Cell = Scalar | RichCell | undefined

/** Trailing empty cells may be absent. */
export type Row = readonly Cell[]

export interface Sheet {
  readonly id: number
  readonly title: string
  readonly hidden: boolean
  readonly rowCount: number
  readonly columnCount: number
  readonly frozenRowCount: number
  readonly frozenColumnCount: number
  /** Tab color, direction, gridlines: kept and given back. */
  readonly extras: JsonObject
  /** Trailing empty rows may be absent. */
  readonly rows: readonly (Row | undefined)[]
  /** May hold formulas; false spares the search for them. */
  readonly hasFormulas: boolean
  readonly rowProperties: ReadonlyMap<number, DimensionProperties>
  readonly columnProperties: ReadonlyMap<number, DimensionProperties>
  readonly basicFilter?: JsonObject & { readonly range: GridRange }
  readonly protectedRanges: readonly ProtectedRange[]
  readonly merges: readonly GridRange[]
}

export interface DimensionProperties {
  readonly pixelSize?: number
  readonly hiddenByUser?: boolean
}

export interface ProtectedRange {
  readonly protectedRangeId: number
  readonly range: GridRange
  readonly description?: string
  readonly warningOnly: boolean
  readonly unprotectedRanges: readonly GridRange[]
  readonly editors: JsonObject & { readonly users: readonly string[] }
}

export interface NamedRange {
  readonly namedRangeId: string
  readonly name: string
  readonly range: GridRange
}

export type MetadataPlace =
  | { readonly type: 'SPREADSHEET' }
  | { readonly type: 'SHEET'; readonly sheetId: number }
  | { readonly type: 'ROW' | 'COLUMN'; readonly sheetId: number; readonly index: number }

export interface DeveloperMetadata {
  readonly id: number
  readonly key: string
  readonly value: string
  readonly visibility: 'DOCUMENT' | 'PROJECT'
  /** The project that made it, which alone sees it with visibility PROJECT. */
  readonly project: string
  readonly place: MetadataPlace
}

export interface Spreadsheet {
  readonly title: string
  readonly locale: string
  readonly timeZone: string
  readonly extras: JsonObject
  /** In the order of the tabs. */
  readonly sheets: readonly Sheet[]
  readonly namedRanges: readonly NamedRange[]
  readonly metadata: readonly DeveloperMetadata[]
}

export const limits = {
  cells: 10_000_000,
  columns: 18_278,
  cellCharacters: 50_000,
  sheets: 200,
  titleCharacters: 100,
} as const

export function newSheet(id: number, title: string, given: Partial<Sheet> = {}): Sheet {
  return {
    id,
    title,
    hidden: false,
    rowCount: 1000,
    columnCount: 26,
    frozenRowCount: 0,
    frozenColumnCount: 0,
    extras: {},
    rows: [],
    hasFormulas: false,
    rowProperties: new Map(),
    columnProperties: new Map(),
    protectedRanges: [],
    merges: [],
    ...given,
  }
}

export function cellsOf({ sheets }: Pick<Spreadsheet, 'sheets'>): number {
  return sheets.reduce((sum, { rowCount, columnCount }) => sum + rowCount * columnCount, 0)
}
