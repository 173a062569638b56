/** Where a request writes: within the grid, and where its account may edit. */
import { invalidArgument, protectedText } from '../model/google-error.ts'
import { boxOf, intersect, type Box } from '../model/grid-range.ts'
import type { GridRange, Sheet } from '../model/spreadsheet.ts'
import type { Requester } from '../model/requester.ts'
import type { GridRangeInput } from './schema.ts'

/** A range as given, without nulls. */
export function cleanRange(range: GridRangeInput | null | undefined): GridRange {
  return {
    sheetId: range?.sheetId ?? 0,
    ...bound('startRowIndex', range?.startRowIndex),
    ...bound('endRowIndex', range?.endRowIndex),
    ...bound('startColumnIndex', range?.startColumnIndex),
    ...bound('endColumnIndex', range?.endColumnIndex),
  }
}

function bound(name: string, value: number | null | undefined): Readonly<Record<string, number>> {
  return value === null || value === undefined ? {} : { [name]: value }
}

/** The cells of a range, all of them in the grid. */
export function checkedBox(range: GridRangeInput | null | undefined, sheet: Sheet): Box {
  const box = boxOf(cleanRange(range), sheet)
  const { startRow, endRow, startColumn, endColumn } = box
  if (startRow < 0 || startColumn < 0) throw invalidArgument('GridRange indices must not be negative.')
  if (endRow > sheet.rowCount) throw invalidArgument(`range.endRowIndex[${endRow}] is after last row in grid[${sheet.rowCount}]`)
  if (endColumn > sheet.columnCount)
    throw invalidArgument(`range.endColumnIndex[${endColumn}] is after last column in grid[${sheet.columnCount}]`)
  if (startRow >= endRow || startColumn >= endColumn) throw invalidArgument('The range must not be empty.')
  return box
}

export function checkMayEdit(sheet: Sheet, box: Box, { email, isOwner }: Requester): void {
  if (isOwner) return
  for (const { range, warningOnly, unprotectedRanges, editors } of sheet.protectedRanges) {
    if (warningOnly || editors.users.includes(email)) continue
    const hit = intersect(box, boxOf(range, sheet))
    if (hit && !unprotectedRanges.some((open) => holds(boxOf(open, sheet), hit))) throw invalidArgument(protectedText)
  }
}

function holds(outer: Box, inner: Box): boolean {
  const common = intersect(outer, inner)
  return (
    common !== undefined &&
    common.startRow === inner.startRow &&
    common.endRow === inner.endRow &&
    common.startColumn === inner.startColumn &&
    common.endColumn === inner.endColumn
  )
}

export function wholeSheet({ rowCount, columnCount }: Sheet): Box {
  return { startRow: 0, endRow: rowCount, startColumn: 0, endColumn: columnCount }
}
