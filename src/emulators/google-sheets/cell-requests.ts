/** Requests that write cells. */
import { invalid, type ApiError } from './api-error.ts'
import { shiftFormula } from './formulas.ts'
import { isObject, maybeObjectIn, numberIn, objectIn, objectsIn, textIn, truthIn, type JsonObject } from './json.ts'
import { blockOf, checkGrid, gridRangeIn, maskIn, refuseProtected, sheetOf, type Context } from './request-context.ts'
import { filledRows, writableRow, type Cell, type GridRange, type Sheet } from './workbook.ts'

const longestText = 50_000

/** With `range`, cells of it that no row covers are emptied. */
export function updateCells(body: JsonObject, context: Context): undefined {
  const rows = objectsIn(body, 'rows').map(cellsOf)
  const start = objectIn(body, 'start')
  const range = gridRangeIn(body, 'range')
  const sheet = sheetOf(context, range ? range.sheetId : numberIn(start, 'sheetId'))
  const write = cellWriter(sheet, body, context)
  const width = widest(rows)
  const first = { row: numberIn(start, 'rowIndex') ?? 0, column: numberIn(start, 'columnIndex') ?? 0 }
  const asked: GridRange = range ?? {
    startRowIndex: first.row,
    endRowIndex: first.row + Math.max(rows.length, 1),
    startColumnIndex: first.column,
    endColumnIndex: first.column + Math.max(width, 1),
  }
  const block = blockOf(sheet, asked, context)
  refuseProtected(sheet, block, context)
  if (range && width > block.endColumn - block.column) throw beyond('column', block.column + width - 1, block.endColumn, context)
  if (range && rows.length > block.endRow - block.row) throw beyond('row', block.row + rows.length - 1, block.endRow, context)
  for (let row = block.row; row < block.endRow; row++) {
    const cells = rows[row - block.row]
    if (!cells && !range) continue
    if ((cells === undefined || cells.length === 0) && sheet.rows[row] === undefined) continue
    const own = writableRow(sheet, row)
    const endColumn = range ? block.endColumn : block.column + (cells?.length ?? 0)
    for (let column = block.column; column < endColumn; column++) own[column] = write(own[column], cells?.[column - block.column] ?? {})
  }
}

function beyond(what: 'row' | 'column', tried: number, end: number, { name }: Context): ApiError {
  return invalid(`Invalid ${name}: Attempting to write ${what}: ${tried}, beyond the last requested ${what} of: ${end - 1}`)
}

function cellsOf(row: JsonObject): readonly JsonObject[] {
  return objectsIn(row, 'values')
}

function widest(rows: readonly (readonly unknown[])[]): number {
  return rows.reduce((most, row) => Math.max(most, row.length), 0)
}

const plainFields = ['userEnteredValue', 'userEnteredFormat', 'note', 'dataValidation']
/** Kept by the real service, of no account here. */
const otherFields = ['textFormatRuns', 'pivotTable', 'hyperlink', 'dataSourceTable', 'dataSourceFormula', 'chipRuns']

/** Writes the masked fields of what is given over a cell; those that are not given are emptied. */
function cellWriter(sheet: Sheet, body: JsonObject, context: Context): (cell: Cell | undefined, data: JsonObject) => Cell | undefined {
  const mask = maskIn(body, context, plainFields)
  const wrong = mask.find((field) => ![...plainFields, ...otherFields].includes(field.split('.')[0]!))
  if (wrong !== undefined) throw invalid(`Invalid ${context.name}: Invalid field: ${wrong}`)
  const isAbout = (field: string): boolean => mask.some((one) => one === field)
  const [values, formats, notes, rules] = [
    isAbout('userEnteredValue') || mask.some((one) => one.startsWith('userEnteredValue.')),
    isAbout('userEnteredFormat'),
    isAbout('note'),
    isAbout('dataValidation'),
  ]
  const parts = mask.filter((one) => one.startsWith('userEnteredFormat.')).map((one) => one.split('.'))
  return (cell, data) => {
    const next: { -readonly [key in keyof Cell]: Cell[key] } = { ...cell }
    if (values) {
      delete next.value
      delete next.formula
      Object.assign(next, enteredValue(sheet, objectIn(data, 'userEnteredValue'), context))
    }
    if (formats) setOrDelete(next, 'format', maybeObjectIn(data, 'userEnteredFormat'))
    for (const path of parts) {
      const format = withPath(next.format ?? {}, path.slice(1), valueAt(data, path))
      setOrDelete(next, 'format', Object.keys(format).length === 0 ? undefined : format)
    }
    if (notes) setOrDelete(next, 'note', textIn(data, 'note') === '' ? undefined : textIn(data, 'note'))
    if (rules) setOrDelete(next, 'validation', maybeObjectIn(data, 'dataValidation'))
    return isEmpty(next) ? undefined : next
  }
}

function setOrDelete<T, K extends keyof T>(into: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete into[key]
  else into[key] = value
}

function isEmpty(cell: Cell): boolean {
  for (const _ in cell) return false
  return true
}

function valueAt(from: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), from)
}

/** A copy; a branch that holds nothing any more is gone. */
function withPath(from: JsonObject, [key, ...rest]: readonly string[], value: unknown): JsonObject {
  if (key === undefined) return from
  const { [key]: _old, ...others } = from
  const next = rest.length === 0 ? value : withPath(objectIn(from, key), rest, value)
  const isGone = next === undefined || (rest.length > 0 && isObject(next) && Object.keys(next).length === 0)
  return isGone ? others : { ...others, [key]: next }
}

function enteredValue(sheet: Sheet, value: JsonObject, { name }: Context): Cell {
  const text = textIn(value, 'stringValue')
  if (text !== undefined && text.length > longestText)
    throw invalid(`Invalid ${name}: Your input contains more than the maximum of ${longestText} characters in a single cell.`)
  const plain = text ?? numberIn(value, 'numberValue') ?? truthIn(value, 'boolValue')
  // An empty text is a cell that holds nothing.
  if (plain !== undefined) return plain === '' ? {} : { value: plain }
  const formula = textIn(value, 'formulaValue')
  if (formula === undefined) return {}
  if (!formula.startsWith('=')) throw invalid(`Invalid ${name}: Formula must start with '=': ${formula}`)
  sheet.hasFormulas = true
  return { formula }
}

/** After the last row that holds anything, whoever wrote it; rows are added, columns are not. */
export function appendCells(body: JsonObject, context: Context): undefined {
  const sheet = sheetOf(context, numberIn(body, 'sheetId'))
  const rows = objectsIn(body, 'rows').map(cellsOf)
  const write = cellWriter(sheet, body, context)
  const width = widest(rows)
  if (width > sheet.columnCount) throw beyond('column', sheet.columnCount, sheet.columnCount, context)
  if (rows.length === 0) return
  const first = filledRows(sheet)
  sheet.rowCount = Math.max(sheet.rowCount, first + rows.length)
  checkGrid(sheet, context)
  refuseProtected(sheet, { row: first, column: 0, endRow: first + rows.length, endColumn: Math.max(width, 1) }, context)
  rows.forEach((cells, k) => {
    if (cells.length === 0) return
    const own = writableRow(sheet, first + k)
    cells.forEach((data, column) => {
      own[column] = write(own[column], data)
    })
  })
}

/** Formats of cells below the last row that holds anything are not kept, so that a million empty rows cost nothing. */
export function repeatCell(body: JsonObject, context: Context): undefined {
  const range = gridRangeIn(body, 'range') ?? {}
  const sheet = sheetOf(context, range.sheetId)
  const block = blockOf(sheet, range, context)
  const write = cellWriter(sheet, body, context)
  refuseProtected(sheet, block, context)
  const data = objectIn(body, 'cell')
  const isValue = data['userEnteredValue'] !== undefined
  const endRow = isValue ? block.endRow : Math.min(block.endRow, Math.max(sheet.rows.length, block.row + 1))
  for (let row = block.row; row < endRow; row++) {
    const own = writableRow(sheet, row)
    for (let column = block.column; column < block.endColumn; column++) own[column] = write(own[column], data)
  }
}

const pasteTypes = ['PASTE_NORMAL', 'PASTE_VALUES', 'PASTE_FORMAT', 'PASTE_NO_BORDERS', 'PASTE_FORMULA'] as const
type PasteType = (typeof pasteTypes)[number]

export function copyPaste(body: JsonObject, context: Context): undefined {
  const { name } = context
  const asked = textIn(body, 'pasteType') ?? 'PASTE_NORMAL'
  const type = pasteTypes.find((one) => one === asked)
  if (!type) throw invalid(`Invalid ${name}: pasteType ${asked} is not supported by the emulator.`)
  if ((textIn(body, 'pasteOrientation') ?? 'NORMAL') !== 'NORMAL')
    throw invalid(`Invalid ${name}: pasteOrientation TRANSPOSE is not supported by the emulator.`)
  const [source, destination] = [gridRangeIn(body, 'source') ?? {}, gridRangeIn(body, 'destination') ?? {}]
  const [from, to] = [sheetOf(context, source.sheetId), sheetOf(context, destination.sheetId)]
  const [a, b] = [blockOf(from, source, context), blockOf(to, destination, context)]
  const height = a.endRow - a.row
  const width = a.endColumn - a.column
  // A larger destination takes copies side by side, where they fit whole.
  const down = Math.max(1, Math.floor((b.endRow - b.row) / height))
  const across = Math.max(1, Math.floor((b.endColumn - b.column) / width))
  const block = { ...b, endRow: b.row + height * down, endColumn: b.column + width * across }
  if (block.endRow > to.rowCount || block.endColumn > to.columnCount) {
    throw invalid(
      `Invalid ${name}: The destination of the paste exceeds grid limits. Max rows: ${to.rowCount}, max columns: ${to.columnCount}`,
    )
  }
  refuseProtected(to, block, context)
  const rows = from.rows.slice(a.row, a.endRow)
  const sourceRows = from === to ? rows.map((row) => row?.slice()) : rows
  for (let row = block.row; row < block.endRow; row++) {
    const k = (row - block.row) % height
    const taken = sourceRows[k]
    if (!taken && !to.rows[row]) continue
    const own = writableRow(to, row)
    for (let column = block.column; column < block.endColumn; column++) {
      const l = (column - block.column) % width
      own[column] = pasted(to, own[column], taken?.[a.column + l], { type, rows: row - a.row - k, columns: column - a.column - l })
    }
  }
}

interface Pasting {
  readonly type: PasteType
  /** How far it went. */
  readonly rows: number
  readonly columns: number
}

function pasted(sheet: Sheet, cell: Cell | undefined, copied: Cell | undefined, { type, rows, columns }: Pasting): Cell | undefined {
  const entered = (): Cell => {
    if (copied?.formula === undefined) return copied?.value === undefined ? {} : { value: copied.value }
    sheet.hasFormulas = true
    return { formula: shiftFormula(copied.formula, rows, columns) }
  }
  const { value: _value, formula: _formula, ...looks } = cell ?? {}
  switch (type) {
    case 'PASTE_VALUES':
      return orNothing({ ...looks, ...(copied?.value !== undefined && { value: copied.value }) })
    case 'PASTE_FORMULA':
      return orNothing({ ...looks, ...entered() })
    case 'PASTE_FORMAT': {
      const { format: _format, ...rest } = cell ?? {}
      return orNothing({ ...rest, ...(copied?.format && { format: copied.format }) })
    }
    case 'PASTE_NORMAL':
    case 'PASTE_NO_BORDERS': {
      const { format, note, validation } = copied ?? {}
      return orNothing({ ...entered(), ...(format && { format }), ...(note !== undefined && { note }), ...(validation && { validation }) })
    }
    default:
      return type satisfies never
  }
}

function orNothing(cell: Cell): Cell | undefined {
  return isEmpty(cell) ? undefined : cell
}
