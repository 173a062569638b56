/** Requests about rows and columns. */
import { findSheet, writableSheet } from '../model/draft.ts'
import { maskOf } from '../model/field-mask.ts'
import { invalidArgument } from '../model/google-error.ts'
import type { Box } from '../model/grid-range.ts'
import { shownText } from '../model/shown.ts'
import type { Dimension, DimensionProperties, Sheet } from '../model/spreadsheet.ts'
import { checkMayEdit, wholeSheet } from './boxes.ts'
import type { RequestHandler } from './context.ts'
import { growColumns, growRows } from './grow.ts'
import { changeLines } from './lines.ts'
import type { DimensionRangeInput } from './schema.ts'
import { checkedMask } from './write-cells.ts'

interface Lines {
  readonly dimension: Dimension
  readonly start: number
  readonly end: number
  readonly count: number
  readonly box: Box
}

function readDimension(dimension: string | null | undefined): Dimension {
  if (dimension === 'ROWS' || dimension === 'COLUMNS') return dimension
  throw invalidArgument('No dimension specified.')
}

function readLines(sheet: Sheet, range: DimensionRangeInput | null | undefined): Lines {
  const dimension = readDimension(range?.dimension)
  const count = dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount
  const start = range?.startIndex ?? 0
  const end = range?.endIndex ?? count
  if (start < 0) throw invalidArgument('range.startIndex must not be negative.')
  if (end <= start) throw invalidArgument('range.endIndex must be greater than range.startIndex.')
  const whole = wholeSheet(sheet)
  const box = dimension === 'ROWS' ? { ...whole, startRow: start, endRow: end } : { ...whole, startColumn: start, endColumn: end }
  return { dimension, start, end, count, box }
}

const words = { ROWS: 'row', COLUMNS: 'column' } as const

export const insertDimension: RequestHandler<'insertDimension'> = (draft, { range, inheritFromBefore }, requester) => {
  const sheet = findSheet(draft, range?.sheetId)
  const { dimension, start, end, count, box } = readLines(sheet, range)
  if (inheritFromBefore === true && start === 0) throw invalidArgument('inheritFromBefore cannot be true if startIndex is 0.')
  if (start > count || (start === count && inheritFromBefore !== true))
    throw invalidArgument(`range.startIndex[${start}] is after last ${words[dimension]} in grid[${count}]`)
  checkMayEdit(sheet, box, requester)
  changeLines(draft, { kind: 'insert', sheetId: sheet.id, dimension, start, end }, inheritFromBefore === true ? 'before' : 'after')
}

export const appendDimension: RequestHandler<'appendDimension'> = (draft, { sheetId, dimension, length }) => {
  const sheet = writableSheet(draft, sheetId)
  if ((length ?? 0) < 1) throw invalidArgument('length must be greater than 0.')
  if (readDimension(dimension) === 'ROWS') growRows(sheet, sheet.rowCount + length!)
  else growColumns(sheet, sheet.columnCount + length!)
}

export const deleteDimension: RequestHandler<'deleteDimension'> = (draft, { range }, requester) => {
  const sheet = findSheet(draft, range?.sheetId)
  const { dimension, start, end, count, box } = readLines(sheet, range)
  const word = words[dimension]
  if (end > count)
    throw invalidArgument(
      `Cannot delete a ${word} that doesn't exist. Tried to delete ${word} index ${end - 1} but there are only ${count} ${word}s.`,
    )
  if (end - start === count) throw invalidArgument(`You can't delete all the ${word}s on the sheet.`)
  const frozen = dimension === 'ROWS' ? sheet.frozenRowCount : sheet.frozenColumnCount
  if (start <= frozen && end === count) throw invalidArgument(`Sorry, it is not possible to delete all non-frozen ${word}s.`)
  checkMayEdit(sheet, box, requester)
  changeLines(draft, { kind: 'delete', sheetId: sheet.id, dimension, start, end })
}

export const updateDimensionProperties: RequestHandler<'updateDimensionProperties'> = (draft, { range, properties, fields }) => {
  const mask = checkedMask(fields, new Set(['pixelSize', 'hiddenByUser']))
  const size = maskOf(mask, 'pixelSize') !== undefined
  const hidden = maskOf(mask, 'hiddenByUser') !== undefined
  setProperties(writableSheet(draft, range?.sheetId), range, ({ pixelSize, hiddenByUser }) => {
    const nextSize = size ? properties?.pixelSize : pixelSize
    const nextHidden = hidden ? properties?.hiddenByUser : hiddenByUser
    return {
      ...(typeof nextSize === 'number' && { pixelSize: nextSize }),
      ...(nextHidden === true && { hiddenByUser: true }),
    }
  })
}

function setProperties(
  sheet: ReturnType<typeof writableSheet>,
  range: DimensionRangeInput | null | undefined,
  change: (before: DimensionProperties, line: number) => DimensionProperties,
): void {
  const { dimension, start, end, count } = readLines(sheet, range)
  if (end > count) throw invalidArgument(`range.endIndex[${end}] is after last ${words[dimension]} in grid[${count}]`)
  const key = dimension === 'ROWS' ? 'rowProperties' : 'columnProperties'
  const properties = new Map(sheet[key])
  for (let line = start; line < end; line += 1) properties.set(line, change(properties.get(line) ?? {}, line))
  sheet[key] = properties
}

const pixelsPerCharacter = 7

/** Columns become as wide as their longest value among the first thousand rows; rows keep their height. */
export const autoResizeDimensions: RequestHandler<'autoResizeDimensions'> = (draft, { dimensions }) => {
  const sheet = writableSheet(draft, dimensions?.sheetId)
  if (readLines(sheet, dimensions).dimension === 'ROWS') return
  const rows = sheet.rows.slice(0, 1000)
  setProperties(sheet, dimensions, (before, column) => {
    const longest = rows.reduce((most, row) => Math.max(most, shownText(draft, row?.[column]).length), 0)
    return { ...before, pixelSize: Math.max(21, Math.min(longest, 100) * pixelsPerCharacter + 9) }
  })
}
