/** Grids that grow: what a request needs, and never past the limits of a spreadsheet. */
import type { SheetDraft } from '../model/draft.ts'
import { invalidArgument, tooManyCellsText } from '../model/google-error.ts'
import { cellsOf, limits, type Spreadsheet } from '../model/spreadsheet.ts'

export function growRows(sheet: SheetDraft, rowCount: number): void {
  sheet.rowCount = Math.max(sheet.rowCount, rowCount)
}

export function growColumns(sheet: SheetDraft, columnCount: number): void {
  sheet.columnCount = Math.max(sheet.columnCount, columnCount)
}

/** Cells of every tab count, also the empty ones. */
export function checkSize(spreadsheet: Pick<Spreadsheet, 'sheets'>): void {
  for (const { columnCount } of spreadsheet.sheets) {
    if (columnCount > limits.columns)
      throw invalidArgument(`This action would increase the number of columns in the sheet above the limit of ${limits.columns} columns.`)
  }
  if (cellsOf(spreadsheet) > limits.cells) throw invalidArgument(tooManyCellsText)
}
