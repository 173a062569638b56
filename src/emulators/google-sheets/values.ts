/** Cells as lists of values: what `spreadsheets.values` reads and writes. */
import { parseRange, writeRange, writeAsked, type Area } from './a1-notation.ts'
import { invalid } from './api-error.ts'
import { badValue } from './json.ts'
import { formatCell, isDate, isText } from './format-cell.ts'
import { readTyped } from './typed-text.ts'
import { cellAt, writableRow, type Cell, type CellValue, type Sheet, type Workbook } from './workbook.ts'

const longestText = 50_000

export type Rendering = 'FORMATTED_VALUE' | 'UNFORMATTED_VALUE' | 'FORMULA'

export interface ValueRange {
  readonly range: string
  readonly majorDimension: 'ROWS' | 'COLUMNS'
  /** Absent where nothing stands there. */
  readonly values?: readonly (readonly CellValue[])[]
}

export interface Reading {
  readonly rendering: Rendering
  readonly majorDimension: 'ROWS' | 'COLUMNS'
  readonly dates: 'SERIAL_NUMBER' | 'FORMATTED_STRING'
}

export function readRange(workbook: Workbook, text: string, reading: Reading): ValueRange {
  const area = parseRange(workbook, text)
  refuseOutside(area)
  return readArea(area, reading)
}

/** Trailing empty rows, and empty cells at the end of a row, are left out. */
function readArea(area: Area, { rendering, majorDimension, dates }: Reading): ValueRange {
  const { sheet } = area
  const endRow = Math.min(area.endRow, sheet.rows.length)
  const rows: CellValue[][] = []
  for (let row = area.row; row < endRow; row++) {
    const cells = sheet.rows[row]?.slice(area.column, Math.min(area.endColumn, sheet.columnCount)) ?? []
    const values: CellValue[] = []
    for (let k = 0; k < cells.length; k++) values.push(render(cells[k], rendering, dates))
    while (values.length > 0 && values.at(-1) === '') values.pop()
    rows.push(values)
  }
  while (rows.length > 0 && rows.at(-1)!.length === 0) rows.pop()
  const range = writeRange(area)
  if (rows.length === 0) return { range, majorDimension }
  return { range, majorDimension, values: majorDimension === 'ROWS' ? rows : turned(rows, '') }
}

function turned<T>(lists: readonly (readonly T[])[], filler: T): readonly T[][] {
  const width = lists.reduce((most, list) => Math.max(most, list.length), 0)
  return Array.from({ length: width }, (_, k) => lists.map((list) => list[k] ?? filler))
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isValue(value: unknown): value is CellValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function render(cell: Cell | undefined, rendering: Rendering, dates: Reading['dates']): CellValue {
  if (rendering === 'FORMULA' && cell?.formula !== undefined) return cell.formula
  const value = cell?.value
  if (value === undefined) return ''
  if (rendering === 'FORMATTED_VALUE' || (dates === 'FORMATTED_STRING' && isDate(cell))) return formatCell(cell)
  return value
}

export interface Written {
  readonly updatedRange: string
  readonly updatedRows: number
  readonly updatedColumns: number
  readonly updatedCells: number
}

export interface Writing {
  readonly values: readonly unknown[]
  readonly input: 'RAW' | 'USER_ENTERED'
  readonly majorDimension: string
  /** Of the values in the body, as errors spell it. */
  readonly path: string
}

/** `null` leaves a cell as it is, `""` empties it. Throws ApiError. */
export function writeValues(area: Area, { values, input, majorDimension, path }: Writing): Written {
  const lists = values.map((row, k) => {
    if (!isList(row)) throw badValue(`${path}.values[${k}]`, row, ' (type.googleapis.com/google.protobuf.ListValue)')
    return row
  })
  const rows = majorDimension === 'COLUMNS' ? turned(lists, null) : lists
  const { sheet } = area
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const end = { row: area.row + rows.length, column: area.column + width }
  if (rows.length > area.endRow - area.row && area.endRow !== area.row + 1) {
    throw invalid(`Requested writing within range [${writeRange(area)}], but tried writing to row [${area.endRow + 1}]`)
  }
  if (width > area.endColumn - area.column && area.endColumn !== area.column + 1) {
    throw invalid(`Requested writing within range [${writeRange(area)}], but tried writing to column [${area.endColumn + 1}]`)
  }
  if (end.row > sheet.rowCount || end.column > sheet.columnCount) throw beyondGrid({ ...area, endRow: end.row, endColumn: end.column })
  let cells = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    const own = writableRow(sheet, area.row + k)
    for (let column = 0; column < row.length; column++) {
      const value = row[column]
      if (value === null || value === undefined) continue
      if (!isValue(value)) throw invalid(`Invalid values[${k}][${column}]: ${Array.isArray(value) ? 'list_value' : 'struct_value'} {}`)
      if (typeof value === 'string' && value.length > longestText) {
        throw invalid(`Invalid ${path}: Your input contains more than the maximum of ${longestText} characters in a single cell.`)
      }
      own[area.column + column] = entered(sheet, own[area.column + column], value, input)
      cells++
    }
  }
  const updatedRange = writeRange({ ...area, endRow: Math.max(end.row, area.row + 1), endColumn: Math.max(end.column, area.column + 1) })
  return { updatedRange, updatedRows: rows.length, updatedColumns: width, updatedCells: cells }
}

function entered(sheet: Sheet, cell: Cell | undefined, value: CellValue, input: Writing['input']): Cell | undefined {
  const { value: _value, formula: _formula, ...looks } = cell ?? {}
  const isPlain = input === 'RAW' || typeof value !== 'string' || (isText(cell) && !value.startsWith('='))
  const typed = isPlain ? (value === '' ? {} : { value }) : readTyped(value)
  if (typed.formula !== undefined) sheet.hasFormulas = true
  // A format that a person chose stays; typing a date brings one where there is none.
  const next = { ...looks, ...typed, ...(looks.format && { format: looks.format }) }
  return Object.keys(next).length === 0 ? undefined : next
}

export function clearArea(area: Area): string {
  const { sheet } = area
  for (let row = area.row; row < Math.min(area.endRow, sheet.rows.length); row++) {
    if (!sheet.rows[row]) continue
    const own = writableRow(sheet, row)
    for (let column = area.column; column < Math.min(area.endColumn, own.length); column++) {
      const { value: _value, formula: _formula, ...looks } = own[column] ?? {}
      own[column] = Object.keys(looks).length === 0 ? undefined : looks
    }
  }
  return writeRange(area).replaceAll("'", '')
}

/** Where `values.append` thinks that the table ends: the last row of the block of cells that its range touches, in that block's own columns. */
export function tableBelow(area: Area): Area {
  const { sheet } = area
  const isThere = (row: number, column: number): boolean => {
    const cell = cellAt(sheet, row, column)
    return cell?.value !== undefined || cell?.formula !== undefined
  }
  let [row, column] = [Math.min(sheet.rows.length, area.endRow) - 1, area.column]
  while (row >= area.row && !sheet.rows[row]?.some((cell) => cell?.value !== undefined || cell?.formula !== undefined)) row--
  if (row < area.row) return { ...area, row: area.row, endRow: area.row, endColumn: area.column + 1 }
  // The last row decides: after ["a", "", "c"] the table is the column of "c" alone.
  const width = sheet.rows[row]?.length ?? 0
  let end = width
  while (end > 0 && !isThere(row, end - 1)) end--
  column = end - 1
  while (column > area.column && isThere(row, column - 1)) column--
  return { sheet, row, column: Math.max(column, area.column), endRow: row + 1, endColumn: end }
}

export function refuseOutside(area: Area): void {
  const { sheet, row, column, endRow, endColumn } = area
  const isOutside =
    row >= sheet.rowCount ||
    column >= sheet.columnCount ||
    (endRow !== Infinity && endRow > sheet.rowCount) ||
    (endColumn !== Infinity && endColumn > sheet.columnCount)
  if (isOutside) throw beyondGrid(area)
}

function beyondGrid(area: Area): Error {
  const { rowCount, columnCount } = area.sheet
  return invalid(`Range (${writeAsked(area)}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`)
}
