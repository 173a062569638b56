/** Requests about rows and columns as such: what points to them, or is attached to them, moves along. */
import { invalid } from './api-error.ts'
import { formatCell } from './format-cell.ts'
import { moveReferences } from './formulas.ts'
import { numberIn, objectIn, textIn, type JsonObject } from './json.ts'
import { checkGrid, maskIn, refuseProtected, sheetOf, type Context } from './request-context.ts'
import { forgetOwnRows, writableRow, writableRows, type GridRange, type Row, type Sheet } from './workbook.ts'

export interface Lines {
  readonly dimension: 'ROWS' | 'COLUMNS'
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

function dimensionIn(from: JsonObject, { name }: Context): Lines['dimension'] {
  const dimension = textIn(from, 'dimension')
  if (dimension === 'ROWS' || dimension === 'COLUMNS') return dimension
  throw invalid(`Invalid ${name}: dimension is required.`)
}

function countOf(sheet: Sheet, dimension: Lines['dimension']): number {
  return dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount
}

/** `isInserting`: they may begin right behind the last. */
function linesIn(sheet: Sheet, range: JsonObject, context: Context, isInserting = false): Lines {
  const { name } = context
  const dimension = dimensionIn(range, context)
  const count = countOf(sheet, dimension)
  const from = numberIn(range, 'startIndex') ?? 0
  const to = numberIn(range, 'endIndex') ?? count
  if (from < 0 || to <= from) throw invalid(`Invalid ${name}: range.endIndex[${to}] must be after range.startIndex[${from}]`)
  if (from > count || (from === count && !isInserting))
    throw invalid(`Invalid ${name}: range.startIndex[${from}] must be less than the grid size (${count})`)
  return { dimension, from, to: isInserting ? to : Math.min(to, count) }
}

export function appendDimension(body: JsonObject, context: Context): undefined {
  const sheet = sheetOf(context, numberIn(body, 'sheetId'))
  const length = numberIn(body, 'length') ?? 0
  if (length <= 0) throw invalid(`Invalid ${context.name}: length must be greater than zero.`)
  if (dimensionIn(body, context) === 'ROWS') sheet.rowCount += length
  else sheet.columnCount += length
  checkGrid(sheet, context)
}

export function insertDimension(body: JsonObject, context: Context): undefined {
  const range = objectIn(body, 'range')
  const sheet = sheetOf(context, numberIn(range, 'sheetId'))
  const lines = linesIn(sheet, range, context, true)
  const { dimension, from, to } = lines
  moveWhatPoints(sheet, lines, 'insert', context)
  const empty = (): undefined[] => Array.from({ length: to - from }, () => undefined)
  if (dimension === 'ROWS') {
    if (from < sheet.frozenRowCount) sheet.frozenRowCount += to - from
    sheet.rowCount += to - from
    checkGrid(sheet, context)
    if (from < sheet.rows.length) {
      sheet.rows = [...sheet.rows.slice(0, from), ...empty(), ...sheet.rows.slice(from)]
      forgetOwnRows(sheet)
    }
  } else {
    if (from < sheet.frozenColumnCount) sheet.frozenColumnCount += to - from
    sheet.columnCount += to - from
    checkGrid(sheet, context)
    eachLongRow(sheet, from, (row) => row.splice(from, 0, ...empty()))
  }
}

function eachLongRow(sheet: Sheet, longerThan: number, change: (row: Row) => void): void {
  for (let row = 0; row < sheet.rows.length; row++) if ((sheet.rows[row]?.length ?? 0) > longerThan) change(writableRow(sheet, row))
}

export function deleteDimension(body: JsonObject, context: Context): undefined {
  const range = objectIn(body, 'range')
  const sheet = sheetOf(context, numberIn(range, 'sheetId'))
  removeLines(sheet, linesIn(sheet, range, context), context)
}

export function removeLines(sheet: Sheet, lines: Lines, context: Context): void {
  const { dimension, from, to } = lines
  const { name } = context
  const count = to - from
  const left = countOf(sheet, dimension) - count
  if (left < 1) throw invalid(`Invalid ${name}: You can't delete all the ${dimension.toLowerCase()} on the sheet.`)
  const frozen = dimension === 'ROWS' ? sheet.frozenRowCount : sheet.frozenColumnCount
  const frozenLeft = shrunk(frozen, lines)
  if (frozen > 0 && left <= frozenLeft)
    throw invalid(`Invalid ${name}: Sorry, it is not possible to delete all non-frozen ${dimension.toLowerCase()}.`)
  const block = { row: 0, column: 0, endRow: Infinity, endColumn: Infinity }
  refuseProtected(sheet, dimension === 'ROWS' ? { ...block, row: from, endRow: to } : { ...block, column: from, endColumn: to }, context)
  moveWhatPoints(sheet, lines, 'delete', context)
  if (dimension === 'ROWS') {
    sheet.rowCount = left
    sheet.frozenRowCount = frozenLeft
    writableRows(sheet).splice(from, count)
    forgetOwnRows(sheet)
  } else {
    sheet.columnCount = left
    sheet.frozenColumnCount = frozenLeft
    eachLongRow(sheet, from, (row) => row.splice(from, count))
  }
}

type How = 'insert' | 'delete'

/** Where a border stands once lines were deleted. */
function shrunk(at: number, { from, to }: Lines): number {
  return at <= from ? at : at >= to ? at - (to - from) : from
}

/** Undefined once all of it is gone. */
function movedEnds(start: number, end: number, lines: Lines, how: How): readonly [number, number] | undefined {
  const { from, to } = lines
  if (how === 'insert') {
    const grown = to - from
    return [start >= from ? start + grown : start, end > from ? end + grown : end]
  }
  const [first, last] = [shrunk(start, lines), shrunk(end, lines)]
  return last <= first ? undefined : [first, last]
}

function movedRange(range: GridRange, lines: Lines, how: How): GridRange | undefined {
  const keys = lines.dimension === 'ROWS' ? (['startRowIndex', 'endRowIndex'] as const) : (['startColumnIndex', 'endColumnIndex'] as const)
  const [start, end] = [range[keys[0]], range[keys[1]]]
  const moved = movedEnds(start ?? 0, end ?? Infinity, lines, how)
  if (!moved) return undefined
  return { ...range, ...(start !== undefined && { [keys[0]]: moved[0] }), ...(end !== undefined && { [keys[1]]: moved[1] }) }
}

function moveWhatPoints(sheet: Sheet, lines: Lines, how: How, { draft }: Context): void {
  const { dimension, from, to } = lines
  moveReferences(draft, { sheet, dimension, from, to }, how)
  if (sheet.filter) {
    const range = movedRange(sheet.filter.range, lines, how)
    sheet.filter = range && { ...sheet.filter, range }
  }
  sheet.protectedRanges = sheet.protectedRanges.flatMap((one) => {
    const range = movedRange(one.range, lines, how)
    return range ? [{ ...one, range }] : []
  })
  draft.namedRanges = draft.namedRanges.flatMap((one) => {
    if ((one.range.sheetId ?? 0) !== sheet.sheetId) return [one]
    const range = movedRange(one.range, lines, how)
    return range ? [{ ...one, range }] : []
  })
  sheet.metadata = sheet.metadata.flatMap((one) => {
    if (one.range?.dimension !== dimension) return [one]
    const ends = movedEnds(one.range.startIndex ?? 0, one.range.endIndex ?? Infinity, lines, how)
    return ends ? [{ ...one, range: { ...one.range, startIndex: ends[0], endIndex: ends[1] } }] : []
  })
  if (dimension === 'COLUMNS') {
    sheet.widths = new Map(
      [...sheet.widths].flatMap(([column, width]) => {
        const ends = movedEnds(column, column + 1, lines, how)
        return ends ? [[ends[0], width]] : []
      }),
    )
  }
}

export function updateDimensionProperties(body: JsonObject, context: Context): undefined {
  const range = objectIn(body, 'range')
  const sheet = sheetOf(context, numberIn(range, 'sheetId'))
  const { dimension, from, to } = linesIn(sheet, range, context)
  const pixels = numberIn(objectIn(body, 'properties'), 'pixelSize')
  const mask = maskIn(body, context, ['pixelSize'])
  if (dimension === 'COLUMNS' && mask.includes('pixelSize') && pixels !== undefined) setWidths(sheet, from, to, () => pixels)
}

export function autoResizeDimensions(body: JsonObject, context: Context): undefined {
  const range = objectIn(body, 'dimensions')
  const sheet = sheetOf(context, numberIn(range, 'sheetId'))
  const { dimension, from, to } = linesIn(sheet, range, context)
  if (dimension !== 'COLUMNS') return
  setWidths(sheet, from, to, (column) => {
    const longest = sheet.rows.slice(0, 200).reduce((most, row) => Math.max(most, formatCell(row?.[column]).length), 3)
    return Math.min(400, 16 + longest * 8)
  })
}

function setWidths(sheet: Sheet, from: number, to: number, width: (column: number) => number): void {
  sheet.widths = new Map(sheet.widths)
  for (let column = from; column < to; column++) sheet.widths.set(column, width(column))
}
