/** Requests that write cells one by one. */
import { findSheet, writableSheet } from '../model/draft.ts'
import { invalidArgument } from '../model/google-error.ts'
import { usedRows } from '../model/cell.ts'
import type { Box } from '../model/grid-range.ts'
import { checkedBox, checkMayEdit } from './boxes.ts'
import type { RequestHandler } from './context.ts'
import { growRows } from './grow.ts'
import type { RowDataInput } from './schema.ts'
import { cellPatch, writeBox, type GivenRow } from './write-cells.ts'

/** With `range`, what its rows do not cover is cleared of the masked fields. */
export const updateCells: RequestHandler<'updateCells'> = (draft, { rows, fields, start, range }, requester) => {
  if ((start ? 1 : 0) + (range ? 1 : 0) !== 1) throw invalidArgument('Exactly one of start or range must be specified.')
  const sheetId = (start ?? range)?.sheetId ?? 0
  const sheet = findSheet(draft, sheetId)
  const patch = cellPatch(fields, sheetId, draft)
  const given = rows ?? []
  const box = range ? checkedBox(range, sheet) : startBox(start!, given)
  refuseBeyond(box, given, range ? box : { endRow: sheet.rowCount, endColumn: sheet.columnCount })
  checkMayEdit(sheet, box, requester)
  writeBox(draft, writableSheet(draft, sheetId), box, patch, (offset) => givenRow(given[offset], start ? undefined : 0))
}

function startBox(
  start: { readonly rowIndex?: number | null | undefined; readonly columnIndex?: number | null | undefined },
  rows: readonly RowDataInput[],
): Box {
  const startRow = start.rowIndex ?? 0
  const startColumn = start.columnIndex ?? 0
  return { startRow, endRow: startRow + rows.length, startColumn, endColumn: startColumn + widest(rows) }
}

function widest(rows: readonly RowDataInput[]): number {
  return rows.reduce((most, { values }) => Math.max(most, values?.length ?? 0), 0)
}

function givenRow(row: RowDataInput | undefined, least: number | undefined): GivenRow | undefined {
  if (!row && least !== undefined) return undefined
  const values = row?.values ?? []
  return { length: values.length, at: (column) => values[column] }
}

function refuseBeyond({ startRow, startColumn }: Box, rows: readonly RowDataInput[], end: Pick<Box, 'endRow' | 'endColumn'>): void {
  if (startRow + rows.length > end.endRow)
    throw invalidArgument(`Attempting to write row: ${end.endRow}, beyond the last requested row of: ${end.endRow - 1}`)
  if (startColumn + widest(rows) > end.endColumn)
    throw invalidArgument(`Attempting to write column: ${end.endColumn}, beyond the last requested column of: ${end.endColumn - 1}`)
}

/** Behind the last row of the sheet that holds data; adds rows, never columns. */
export const appendCells: RequestHandler<'appendCells'> = (draft, { sheetId, rows, fields }, requester) => {
  const sheet = findSheet(draft, sheetId)
  const patch = cellPatch(fields, sheet.id, draft)
  const given = rows ?? []
  const startRow = usedRows(sheet)
  const box = { startRow, endRow: startRow + given.length, startColumn: 0, endColumn: widest(given) }
  refuseBeyond(box, given, { endRow: box.endRow, endColumn: sheet.columnCount })
  checkMayEdit(sheet, box, requester)
  const writable = writableSheet(draft, sheet.id)
  growRows(writable, box.endRow)
  writeBox(draft, writable, box, patch, (offset) => givenRow(given[offset], undefined))
}

export const repeatCell: RequestHandler<'repeatCell'> = (draft, { range, cell, fields }, requester) => {
  const sheet = findSheet(draft, range?.sheetId)
  const box = checkedBox(range, sheet)
  checkMayEdit(sheet, box, requester)
  const patch = cellPatch(fields, sheet.id, draft)
  const all: GivenRow = { length: box.endColumn - box.startColumn, at: () => cell }
  writeBox(draft, writableSheet(draft, sheet.id), box, patch, () => all)
}
