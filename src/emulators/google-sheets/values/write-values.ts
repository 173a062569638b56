/** Values that are written: null leaves a cell as it is, `''` empties it; RAW is kept as it came, USER_ENTERED is parsed like typing. */
import { columnName, printA1 } from '../model/a1.ts'
import { formatOf, isRich, makeCell, withValue } from '../model/cell.ts'
import { writableSheet, type Draft } from '../model/draft.ts'
import { invalidArgument } from '../model/google-error.ts'
import { boxOf, type Box } from '../model/grid-range.ts'
import type { Requester } from '../model/requester.ts'
import type { Cell, JsonObject, Sheet } from '../model/spreadsheet.ts'
import { readTyped } from '../model/typed-text.ts'
import type { FoundRange } from '../model/a1.ts'
import { checkMayEdit } from '../requests/boxes.ts'
import { checkText, readFormula, setRow, writeBox } from '../requests/write-cells.ts'
import { exceedsGrid } from './read-values.ts'
import type { Typed } from './value-range.ts'

export interface Written {
  readonly sheetId: number
  /** What the values cover. */
  readonly box: Box
  readonly cells: number
}

export type InputOption = 'RAW' | 'USER_ENTERED'

export interface WriteInput {
  readonly target: FoundRange
  readonly rows: readonly (readonly Typed[])[]
  readonly option: InputOption
}

export function writeValues(draft: Draft, requester: Requester, { target, rows, option }: WriteInput): Written {
  const { sheet } = target
  const box = coveredBox(target, rows)
  checkMayEdit(sheet, box, requester)
  const writable = writableSheet(draft, sheet.id)
  const read = reader(draft, sheet.id, option)
  let cells = 0
  for (const [offset, row] of rows.entries()) {
    if (row.length === 0) continue
    const at = box.startRow + offset
    const next: Cell[] = [...(writable.rows[at] ?? [])]
    while (next.length < box.startColumn) next.push(undefined)
    for (const [column, value] of row.entries()) {
      const index = box.startColumn + column
      if (value === null) {
        next[index] ??= undefined
        continue
      }
      next[index] = read(next[index], value)
      cells += 1
    }
    setRow(writable, at, next)
  }
  draft.written += cells
  return { sheetId: sheet.id, box, cells }
}

function reader(draft: Draft, sheetId: number, option: InputOption): (before: Cell, value: Exclude<Typed, null>) => Cell {
  return (before, value) => {
    if (option === 'RAW' || typeof value !== 'string') return withValue(before, checkText(value))
    if (value.startsWith('=')) return withValue(before, readFormula(value, sheetId, draft))
    checkText(value)
    const typed = readTyped(value, draft.locale)
    const cell = withValue(before, typed?.value)
    if (!typed?.format || formatOf(before)?.['numberFormat'] !== undefined) return cell
    return makeCell({ ...(isRich(cell) ? cell : { value: cell }), format: { ...formatOf(before), numberFormat: typed.format } })
  }
}

/** Within the range, or from its one cell on; within the grid. */
function coveredBox({ sheet, range, single }: FoundRange, rows: WriteInput['rows']): Box {
  const { startRow, startColumn, endRow: lastRow, endColumn: lastColumn } = boxOf(range, sheet)
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const endRow = startRow + rows.length
  const endColumn = startColumn + width
  const box = { startRow, endRow, startColumn, endColumn }
  const bounded = boxOf(range, { rowCount: Number.POSITIVE_INFINITY, columnCount: Number.POSITIVE_INFINITY })
  if (!single) {
    const within = `Requested writing within range [${printA1(sheet.title, { startRow, endRow: lastRow, startColumn, endColumn: lastColumn })}]`
    if (endRow > bounded.endRow) throw invalidArgument(`${within}, but tried writing to row [${bounded.endRow + 1}]`)
    if (endColumn > bounded.endColumn) throw invalidArgument(`${within}, but tried writing to column [${columnName(bounded.endColumn)}]`)
  }
  if (startRow >= sheet.rowCount || startColumn >= sheet.columnCount) throw exceedsGrid(sheet, startRow, startColumn)
  if (endRow > sheet.rowCount) throw exceedsGrid(sheet, sheet.rowCount, startColumn)
  if (endColumn > sheet.columnCount) throw exceedsGrid(sheet, startRow, sheet.columnCount)
  return box
}

/** Values alone: formats, notes and validation stay. */
export function clearValues(draft: Draft, requester: Requester, sheet: Sheet, box: Box): void {
  checkMayEdit(sheet, box, requester)
  writeBox(
    draft,
    writableSheet(draft, sheet.id),
    box,
    (before) => withValue(before, undefined),
    () => undefined,
  )
}

/** As an UpdateValuesResponse has it. */
export function writtenJson(id: string, { title }: Sheet, { box, cells }: Written): JsonObject {
  const rows = box.endRow - box.startRow
  const columns = box.endColumn - box.startColumn
  return {
    spreadsheetId: id,
    updatedRange: printA1(title, rows === 0 || columns === 0 ? { ...box, endRow: box.startRow + 1, endColumn: box.startColumn + 1 } : box),
    ...(cells > 0 && { updatedRows: rows, updatedColumns: columns, updatedCells: cells }),
  }
}
