/** A spreadsheet as assertions want it: values as they were typed, and beside them formats, notes and metadata by place. */
import { cellName, printA1 } from './model/a1.ts'
import { formatOf, isFormula, isRich, usedColumns, usedRows, valueOf } from './model/cell.ts'
import { printFormula } from './model/formula.ts'
import { boxOf } from './model/grid-range.ts'
import { shownText } from './model/shown.ts'
import type { Cell, DeveloperMetadata, GridRange, JsonObject, Scalar, Sheet, Spreadsheet } from './model/spreadsheet.ts'

export interface TabSnapshot {
  readonly sheetId: number
  readonly title: string
  readonly hidden: boolean
  readonly rowCount: number
  readonly columnCount: number
  readonly frozenRowCount: number
  /** As they were typed, `''` for an empty one; trailing empty cells and rows are left out. */
  readonly values: readonly (readonly Scalar[])[]
  /** What people see, in the same shape. */
  readonly shown: readonly (readonly string[])[]
  /** By cell: what is a formula, and not text that looks like one. */
  readonly formulas: Readonly<Record<string, string>>
  /** By cell: `{ B2: { numberFormat: … } }`. */
  readonly formats: Readonly<Record<string, JsonObject>>
  /** By cell. */
  readonly notes: Readonly<Record<string, string>>
  readonly basicFilter: (JsonObject & { readonly range: GridRange }) | undefined
  readonly protectedRanges: Sheet['protectedRanges']
  /** Pixels by column, of those that were set. */
  readonly columnWidths: Readonly<Record<number, number>>
}

export interface SpreadsheetSnapshot {
  readonly id: string
  readonly title: string
  readonly locale: string
  readonly timeZone: string
  readonly modifiedTime: string
  readonly tabs: readonly TabSnapshot[]
  readonly metadata: readonly DeveloperMetadata[]
  /** In A1 notation, by name. */
  readonly namedRanges: Readonly<Record<string, string>>
}

export interface SnapshotSource {
  readonly id: string
  readonly modifiedTime: string
  readonly spreadsheet: Spreadsheet
}

export function takeSnapshot({ id, modifiedTime, spreadsheet }: SnapshotSource): SpreadsheetSnapshot {
  const { title, locale, timeZone, sheets, metadata, namedRanges } = spreadsheet
  return {
    id,
    title,
    locale,
    timeZone,
    modifiedTime,
    tabs: sheets.map((sheet) => snapshotTab(spreadsheet, sheet)),
    metadata,
    namedRanges: Object.fromEntries(
      namedRanges.flatMap(({ name, range }) => {
        const sheet = sheets.find((one) => one.id === range.sheetId)
        return sheet ? [[name, printA1(sheet.title, boxOf(range, sheet))] as const] : []
      }),
    ),
  }
}

function snapshotTab(spreadsheet: Spreadsheet, sheet: Sheet): TabSnapshot {
  const formats: Record<string, JsonObject> = {}
  const formulas: Record<string, string> = {}
  const notes: Record<string, string> = {}
  for (const [row, cells] of sheet.rows.entries()) {
    for (const [column, cell] of (cells ?? []).entries()) {
      if (!isRich(cell)) continue
      if (isFormula(cell.value)) formulas[cellName(row, column)] = printFormula(cell.value, spreadsheet)
      const format = formatOf(cell)
      if (format) formats[cellName(row, column)] = format
      if (cell.note !== undefined) notes[cellName(row, column)] = cell.note
    }
  }
  const { id, title, hidden, rowCount, columnCount, frozenRowCount, basicFilter, protectedRanges, columnProperties } = sheet
  return {
    sheetId: id,
    title,
    hidden,
    rowCount,
    columnCount,
    frozenRowCount,
    values: mapUsed(sheet, (cell) => typedValue(spreadsheet, cell)),
    shown: mapUsed(sheet, (cell) => shownText(spreadsheet, cell)),
    formulas,
    formats,
    notes,
    basicFilter,
    protectedRanges,
    columnWidths: Object.fromEntries(
      [...columnProperties].flatMap(([column, { pixelSize }]) => (pixelSize === undefined ? [] : [[column, pixelSize]])),
    ),
  }
}

export function typedValues(spreadsheet: Spreadsheet, sheet: Sheet): TabSnapshot['values'] {
  return mapUsed(sheet, (cell) => typedValue(spreadsheet, cell))
}

function mapUsed<T>(sheet: Sheet, map: (cell: Cell) => T): readonly (readonly T[])[] {
  return Array.from({ length: usedRows(sheet) }, (_, row) => {
    const cells = sheet.rows[row] ?? []
    return Array.from({ length: usedColumns(cells) }, (_, column) => map(cells[column]))
  })
}

function typedValue(spreadsheet: Spreadsheet, cell: Cell): Scalar {
  const value = valueOf(cell)
  return isFormula(value) ? printFormula(value, spreadsheet) : (value ?? '')
}
