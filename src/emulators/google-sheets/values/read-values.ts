/** Values as the values API gives them: trailing empty cells and rows are left out. */
import { isFormula, valueOf } from '../model/cell.ts'
import { computeCell, errorText, isError } from '../model/evaluate.ts'
import { printFormula } from '../model/formula.ts'
import { invalidArgument } from '../model/google-error.ts'
import { boxOf, type Box } from '../model/grid-range.ts'
import { printA1, quoteTitle, cellName, type OpenRange } from '../model/a1.ts'
import { numberFormatOf, showComputed } from '../model/shown.ts'
import type { Cell, JsonObject, Scalar, Sheet, Spreadsheet } from '../model/spreadsheet.ts'
import type { RenderQuery } from './value-range.ts'

export type ReadOptions = Pick<RenderQuery, 'majorDimension' | 'valueRenderOption' | 'dateTimeRenderOption'>

/** Ends past the grid are cut; a start past it is refused. */
export function readableBox(sheet: Sheet, range: OpenRange): Box {
  const box = boxOf(range, sheet)
  if (box.startRow >= sheet.rowCount || box.startColumn >= sheet.columnCount) throw exceedsGrid(sheet, box.startRow, box.startColumn)
  return { ...box, endRow: Math.min(box.endRow, sheet.rowCount), endColumn: Math.min(box.endColumn, sheet.columnCount) }
}

export function exceedsGrid({ title, rowCount, columnCount }: Sheet, row: number, column: number): Error {
  return invalidArgument(
    `Range (${quoteTitle(title)}!${cellName(row, column)}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`,
  )
}

/** A ValueRange. */
export function readValues(spreadsheet: Spreadsheet, sheet: Sheet, box: Box, options: ReadOptions): JsonObject {
  const rows = readRowsOf(spreadsheet, sheet, box, options)
  const values = options.majorDimension === 'COLUMNS' ? turn(rows) : rows
  return {
    range: printA1(sheet.title, box),
    majorDimension: options.majorDimension === 'COLUMNS' ? 'COLUMNS' : 'ROWS',
    ...(values.length > 0 && { values }),
  }
}

function readRowsOf(
  spreadsheet: Spreadsheet,
  sheet: Sheet,
  { startRow, endRow, startColumn, endColumn }: Box,
  options: ReadOptions,
): readonly (readonly Scalar[])[] {
  const render = renderer(spreadsheet, options)
  const rows: Scalar[][] = []
  for (let at = startRow; at < Math.min(endRow, sheet.rows.length); at += 1) {
    const row = sheet.rows[at]
    const values: Scalar[] = []
    for (let column = startColumn; column < Math.min(endColumn, row?.length ?? 0); column += 1) values.push(render(row![column]))
    while (values.length > 0 && values.at(-1) === '') values.pop()
    rows.push(values)
  }
  while (rows.length > 0 && rows.at(-1)!.length === 0) rows.pop()
  return rows
}

function turn(rows: readonly (readonly Scalar[])[]): readonly (readonly Scalar[])[] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    const values = rows.map((row) => row[column] ?? '')
    while (values.at(-1) === '') values.pop()
    return values
  })
}

function renderer(spreadsheet: Spreadsheet, { valueRenderOption, dateTimeRenderOption }: ReadOptions): (cell: Cell) => Scalar {
  const formattedDates = dateTimeRenderOption === 'FORMATTED_STRING'
  return (cell) => {
    if (cell === undefined) return ''
    const value = valueOf(cell)
    if (isFormula(value) && valueRenderOption === 'FORMULA') return printFormula(value, spreadsheet)
    const computed = computeCell(spreadsheet, cell)
    if (valueRenderOption !== 'UNFORMATTED_VALUE' && valueRenderOption !== 'FORMULA') return showComputed(computed, cell)
    if (isError(computed)) return errorText(computed)
    return formattedDates && isMoment(cell) ? showComputed(computed, cell) : (computed ?? '')
  }
}

function isMoment(cell: Cell): boolean {
  return /^(?:DATE|TIME|DATE_TIME)$/.test(numberFormatOf(cell)?.type ?? '')
}
