/** Cells as lists of values: what `spreadsheets.values` reads and writes. */
import { parseRange, writeRange, type Area } from './a1-notation.ts'
import { invalid } from './api-error.ts'
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
export function readArea(area: Area, { rendering, majorDimension, dates }: Reading): ValueRange {
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
  return { range, majorDimension, values: majorDimension === 'ROWS' ? rows : turned(rows) }
}

function turned(rows: readonly (readonly CellValue[])[]): readonly CellValue[][] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ''))
}

function render(cell: Cell | undefined, rendering: Rendering, dates: Reading['dates']): CellValue {
  if (rendering === 'FORMULA' && cell?.formula !== undefined) return cell.formula
  const value = cell?.value
  if (value === undefined) return ''
  if (rendering === 'FORMATTED_VALUE' || (dates === 'FORMATTED_STRING' && isDate(cell))) return formatCell(cell)
  return value
}

interface NumberFormat {
  readonly type?: string
  readonly pattern?: string
}

function numberFormatOf(cell: Cell | undefined): NumberFormat {
  return (cell?.format?.['numberFormat'] as NumberFormat | undefined) ?? {}
}

function isDate(cell: Cell | undefined): boolean {
  return /^(?:DATE|TIME|DATE_TIME)$/.test(numberFormatOf(cell).type ?? '') && typeof cell?.value === 'number'
}

/** As people see it. */
export function formatCell(cell: Cell | undefined): string {
  const value = cell?.value
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'string') return value
  const { type, pattern } = numberFormatOf(cell)
  if (type === 'TEXT') return String(value)
  if (isDate(cell)) return formatDate(value, pattern ?? defaultPatterns[type ?? 'DATE'] ?? 'yyyy-mm-dd')
  return pattern === undefined || pattern === '' ? formatGeneral(value) : formatNumber(value, pattern)
}

const defaultPatterns: Readonly<Record<string, string>> = { DATE: 'm/d/yyyy', TIME: 'h:mm:ss am/pm', DATE_TIME: 'm/d/yyyy h:mm:ss' }

function formatGeneral(value: number): string {
  const rounded = Number(value.toPrecision(10))
  return Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-9)
    ? value.toExponential().replace('e', 'E').toUpperCase()
    : String(rounded)
}

function formatNumber(value: number, pattern: string): string {
  const found = /[#0][#0,]*(?:\.[#0]+)?/.exec(pattern)
  if (!found) return pattern.replaceAll('"', '')
  const [whole = '', fraction = ''] = found[0].split('.')
  const scaled = pattern.includes('%') ? value * 100 : value
  const least = fraction.replaceAll('#', '').length
  const digits = Math.abs(scaled).toLocaleString('en-US', {
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, fraction.length),
    minimumIntegerDigits: Math.max(1, whole.replaceAll(/[^0]/g, '').length),
    useGrouping: whole.includes(','),
  })
  return `${scaled < 0 ? '-' : ''}${pattern.replace(found[0], digits).replaceAll('"', '')}`
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function formatDate(serial: number, pattern: string): string {
  const seconds = Math.round((serial - Math.floor(serial)) * 86_400)
  const date = new Date(Date.UTC(1899, 11, 30) + (Math.floor(serial) * 86_400 + seconds) * 1000)
  const two = (part: number): string => String(part).padStart(2, '0')
  const half = /am\/pm/i.test(pattern)
  const hours = half ? date.getUTCHours() % 12 || 12 : date.getUTCHours()
  let afterHours = false
  return pattern.replaceAll(/"([^"]*)"|\[h+\]|y{2,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|am\/pm/gi, (token: string, text: string | undefined) => {
    if (text !== undefined) return text
    const low = token.toLowerCase()
    const isMinutes = afterHours || new RegExp(`${token}:?s`, 'i').test(pattern.slice(pattern.indexOf(token)))
    afterHours = low.startsWith('h') || low.startsWith('[h')
    switch (low) {
      case 'yyyy':
        return String(date.getUTCFullYear())
      case 'yy':
        return two(date.getUTCFullYear() % 100)
      case 'mmmm':
        return months[date.getUTCMonth()]!
      case 'mmm':
        return months[date.getUTCMonth()]!.slice(0, 3)
      case 'mm':
        return isMinutes ? two(date.getUTCMinutes()) : two(date.getUTCMonth() + 1)
      case 'm':
        return isMinutes ? String(date.getUTCMinutes()) : String(date.getUTCMonth() + 1)
      case 'dddd':
        return days[date.getUTCDay()]!
      case 'ddd':
        return days[date.getUTCDay()]!.slice(0, 3)
      case 'dd':
        return two(date.getUTCDate())
      case 'd':
        return String(date.getUTCDate())
      case 'hh':
        return two(hours)
      case 'h':
        return String(hours)
      case 'ss':
        return two(date.getUTCSeconds())
      case 's':
        return String(date.getUTCSeconds())
      case 'am/pm':
        return date.getUTCHours() < 12 ? 'AM' : 'PM'
      default:
        return low.startsWith('[h') ? String(Math.floor(serial * 24 + 1e-9)) : token
    }
  })
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
}

/** `null` leaves a cell as it is, `""` empties it. Throws ApiError. */
export function writeValues(area: Area, { values, input, majorDimension }: Writing): Written {
  const lists = values.map((row, k) => {
    if (!Array.isArray(row))
      throw invalid(`Invalid value at 'data.values[${k}]' (type.googleapis.com/google.protobuf.ListValue), ${JSON.stringify(row)}`)
    return row as readonly unknown[]
  })
  const rows = majorDimension === 'COLUMNS' ? turnedUnknown(lists) : lists
  const { sheet } = area
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const end = { row: area.row + rows.length, column: area.column + width }
  if (rows.length > area.endRow - area.row && area.endRow !== area.row + 1) {
    throw invalid(`Requested writing within range [${writeRange(area)}], but tried writing to row [${area.endRow + 1}]`)
  }
  if (width > area.endColumn - area.column && area.endColumn !== area.column + 1) {
    throw invalid(`Requested writing within range [${writeRange(area)}], but tried writing to column [${area.endColumn + 1}]`)
  }
  if (end.row > sheet.rowCount || end.column > sheet.columnCount) {
    throw invalid(
      `Range (${writeRange({ ...area, endRow: Infinity, endColumn: Infinity })}) exceeds grid limits. Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`,
    )
  }
  let cells = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    const own = writableRow(sheet, area.row + k)
    for (let column = 0; column < row.length; column++) {
      const value = row[column]
      if (value === null) continue
      if (typeof value === 'object')
        throw invalid(`Invalid values[${k}][${column}]: ${Array.isArray(value) ? 'list_value' : 'struct_value'} {}`)
      if (typeof value === 'string' && value.length > longestText) {
        throw invalid(`Invalid data[0]: Your input contains more than the maximum of ${longestText} characters in a single cell.`)
      }
      own[area.column + column] = entered(sheet, own[area.column + column], value as CellValue, input)
      cells++
    }
  }
  const updatedRange = writeRange({ ...area, endRow: Math.max(end.row, area.row + 1), endColumn: Math.max(end.column, area.column + 1) })
  return { updatedRange, updatedRows: rows.length, updatedColumns: width, updatedCells: cells }
}

function turnedUnknown(columns: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const height = columns.reduce((most, column) => Math.max(most, column.length), 0)
  return Array.from({ length: height }, (_, row) => columns.map((column) => column[row] ?? null))
}

function entered(sheet: Sheet, cell: Cell | undefined, value: CellValue, input: Writing['input']): Cell | undefined {
  const { value: _value, formula: _formula, ...looks } = cell ?? {}
  const typed = input === 'RAW' || typeof value !== 'string' ? (value === '' ? {} : { value }) : parsed(sheet, value)
  const next = { ...looks, ...typed }
  return Object.keys(next).length === 0 ? undefined : next
}

/** As if somebody had typed it: numbers, truths, formulas and dates are recognised, and leading zeros are gone. */
function parsed(sheet: Sheet, text: string): Cell {
  if (text === '') return {}
  if (text.startsWith("'")) return { value: text.slice(1) }
  if (text.startsWith('=')) {
    sheet.hasFormulas = true
    return { formula: text }
  }
  if (/^(?:true|false)$/i.test(text)) return { value: text.toLowerCase() === 'true' }
  if (/^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { value: Number(text.replaceAll(',', '')) }
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!date) return { value: text }
  const value = (Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) - Date.UTC(1899, 11, 30)) / 86_400_000
  return { value, format: { numberFormat: { type: 'DATE', pattern: 'yyyy-mm-dd' } } }
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

export function refuseOutside({ sheet, row, column, endRow, endColumn }: Area): void {
  const isOutside =
    row >= sheet.rowCount ||
    column >= sheet.columnCount ||
    (endRow !== Infinity && endRow > sheet.rowCount) ||
    (endColumn !== Infinity && endColumn > sheet.columnCount)
  if (!isOutside) return
  throw invalid(
    `Range (${writeRange({ sheet, row, column, endRow: Infinity, endColumn: Infinity })}) exceeds grid limits. Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`,
  )
}
