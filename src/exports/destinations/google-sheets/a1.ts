/** Cells and ranges as people and the API name them: `'Turf list'!A1:C9`. Rows and columns count from 0, ends are exclusive. Pure. */
import { columnLetters } from '../../column-letters.ts'

export interface Rectangle {
  readonly row: number
  readonly column: number
  readonly endRow: number
  readonly endColumn: number
}

export function a1Cell(row: number, column: number): string {
  return `${columnLetters(column)}${row + 1}`
}

export function a1Range(tab: string, { row, column, endRow, endColumn }: Rectangle): string {
  return `${quoteTab(tab)}!${a1Cell(row, column)}:${a1Cell(endRow - 1, endColumn - 1)}`
}

/** From a row to the bottom of the tab. */
export function a1Columns(tab: string, { row, column, endColumn }: Omit<Rectangle, 'endRow'>): string {
  return `${quoteTab(tab)}!${a1Cell(row, column)}:${columnLetters(endColumn - 1)}`
}

function quoteTab(title: string): string {
  return `'${title.replaceAll("'", "''")}'`
}

export function gridRange(
  sheetId: number,
  { row, column, endRow, endColumn }: Rectangle,
): {
  readonly sheetId: number
  readonly startRowIndex: number
  readonly endRowIndex: number
  readonly startColumnIndex: number
  readonly endColumnIndex: number
} {
  return { sheetId, startRowIndex: row, endRowIndex: endRow, startColumnIndex: column, endColumnIndex: endColumn }
}
