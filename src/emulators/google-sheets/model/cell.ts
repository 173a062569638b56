/** Cells: a bare value where there is nothing else to keep, so that a million of them stay small. */
import type { Cell, Formula, JsonObject, RichCell, Row, Scalar, Sheet } from './spreadsheet.ts'

export function isRich(cell: Cell): cell is RichCell {
  return typeof cell === 'object'
}

export function isFormula(value: Scalar | Formula | undefined): value is Formula {
  return typeof value === 'object'
}

export function valueOf(cell: Cell): Scalar | Formula | undefined {
  return isRich(cell) ? cell.value : cell
}

export function formatOf(cell: Cell): JsonObject | undefined {
  return isRich(cell) ? cell.format : undefined
}

/** The smallest cell that holds these; undefined where they are all empty. */
export function makeCell({ value, format, note, extras }: { [K in keyof RichCell]?: RichCell[K] | undefined }): Cell {
  if (format === undefined && (note ?? '') === '' && extras === undefined && !isFormula(value)) return value
  return {
    ...(value !== undefined && { value }),
    ...(format !== undefined && { format }),
    ...((note ?? '') !== '' && note !== undefined && { note }),
    ...(extras !== undefined && { extras }),
  }
}

/** Another value, everything else as it was. */
export function withValue(cell: Cell, value: Scalar | Formula | undefined): Cell {
  if (!isRich(cell)) return isFormula(value) ? { value } : value
  return makeCell({ ...cell, value })
}

export function cellAt(sheet: Sheet, row: number, column: number): Cell {
  return sheet.rows[row]?.[column]
}

export function isEmptyValue(cell: Cell): boolean {
  return valueOf(cell) === undefined
}

/** One past the last row that holds a value; 0 where none does. */
export function usedRows({ rows }: Sheet): number {
  let end = rows.length
  while (end > 0 && usedColumns(rows[end - 1]) === 0) end -= 1
  return end
}

/** One past the last cell of a row that holds a value; 0 where none does. */
export function usedColumns(row: Row | undefined): number {
  let end = row?.length ?? 0
  while (end > 0 && isEmptyValue(row?.[end - 1])) end -= 1
  return end
}
