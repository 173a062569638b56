/** A spreadsheet as tests look at it. */
import type { Cell, CellValue, Metadata, Sheet, Workbook } from './workbook.ts'

export type TypedValue = CellValue

export interface TabSnapshot {
  readonly sheetId: number
  readonly title: string
  readonly hidden: boolean
  readonly rowCount: number
  readonly columnCount: number
  readonly frozenRowCount: number
  readonly filter: Sheet['filter']
  readonly metadata: readonly Metadata[]
  readonly rows: readonly (readonly (Cell | undefined)[])[]
}

export interface Snapshot {
  readonly title: string
  readonly version: number
  readonly tabs: readonly TabSnapshot[]
}

export function snapshotOf({ title, version, sheets }: Workbook): Snapshot {
  return {
    title,
    version,
    tabs: sheets.map((sheet) => ({
      sheetId: sheet.sheetId,
      title: sheet.title,
      hidden: sheet.hidden,
      rowCount: sheet.rowCount,
      columnCount: sheet.columnCount,
      frozenRowCount: sheet.frozenRowCount,
      filter: sheet.filter,
      metadata: sheet.metadata,
      rows: sheet.rows.map((row) => row ?? []),
    })),
  }
}

/** Formulas as they were typed. */
export function valuesOf({ sheets }: Workbook, tab: string): readonly (readonly TypedValue[])[] {
  const sheet = sheets.find(({ title }) => title === tab)
  if (!sheet) throw new Error(`There is no tab ${tab}; there are ${sheets.map(({ title }) => title).join(', ')}.`)
  const rows = Array.from(sheet.rows, (row) => {
    const values = Array.from(row ?? [], (cell): TypedValue => cell?.formula ?? cell?.value ?? '')
    return values.slice(0, values.findLastIndex((value) => value !== '') + 1)
  })
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1)
}
