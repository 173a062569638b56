/** `copyPaste`: within a tab or from one to another; the source is tiled over a destination that is larger. */
import { cellAt, formatOf, isFormula, isRich, makeCell, valueOf, withValue } from '../model/cell.ts'
import { findSheet, writableSheet, type Draft } from '../model/draft.ts'
import { computeCell, errorText, isError } from '../model/evaluate.ts'
import { copyReferences } from '../model/formula.ts'
import { invalidArgument } from '../model/google-error.ts'
import { boxOf, type Box } from '../model/grid-range.ts'
import type { Cell, Formula, Row, Scalar, Sheet } from '../model/spreadsheet.ts'
import { checkedBox, checkMayEdit, cleanRange } from './boxes.ts'
import type { RequestHandler } from './context.ts'
import type { RequestInput } from './schema.ts'
import { setRow } from './write-cells.ts'

type PasteType = NonNullable<RequestInput<'copyPaste'>['pasteType']>

export const copyPaste: RequestHandler<'copyPaste'> = (draft, { source, destination, pasteType, pasteOrientation }, requester) => {
  const from = findSheet(draft, source?.sheetId)
  const to = findSheet(draft, destination?.sheetId)
  const copied = checkedBox(source, from)
  const transposed = pasteOrientation === 'TRANSPOSE'
  const box = pastedBox(copied, boxOf(cleanRange(destination), to), transposed)
  if (box.endRow > to.rowCount) throw invalidArgument(`destination.endRowIndex[${box.endRow}] is after last row in grid[${to.rowCount}]`)
  if (box.endColumn > to.columnCount)
    throw invalidArgument(`destination.endColumnIndex[${box.endColumn}] is after last column in grid[${to.columnCount}]`)
  checkMayEdit(to, box, requester)
  const paste = pasteCell(draft, pasteType ?? 'PASTE_NORMAL', { from: from.id, to: to.id })
  const rows: readonly (Row | undefined)[] = from === to ? [...from.rows] : from.rows
  const read = { ...from, rows }
  const writable = writableSheet(draft, to.id)
  const height = copied.endRow - copied.startRow
  const width = copied.endColumn - copied.startColumn
  for (let row = box.startRow; row < box.endRow; row += 1) {
    const cells: Cell[] = [...(writable.rows[row] ?? [])]
    while (cells.length < box.startColumn) cells.push(undefined)
    for (let column = box.startColumn; column < box.endColumn; column += 1) {
      const [down, right] = transposed ? [column - box.startColumn, row - box.startRow] : [row - box.startRow, column - box.startColumn]
      const sourceRow = copied.startRow + (down % height)
      const sourceColumn = copied.startColumn + (right % width)
      const cell = cellAt(read, sourceRow, sourceColumn)
      cells[column] = paste(cells[column], cell, row - sourceRow, column - sourceColumn)
    }
    draft.written += box.endColumn - box.startColumn
    setRow(writable, row, cells)
  }
}

function pastedBox(source: Box, destination: Box, transposed: boolean): Box {
  const height = source.endRow - source.startRow
  const width = source.endColumn - source.startColumn
  const { startRow, startColumn } = destination
  return {
    startRow,
    startColumn,
    endRow: Math.max(destination.endRow, startRow + (transposed ? width : height)),
    endColumn: Math.max(destination.endColumn, startColumn + (transposed ? height : width)),
  }
}

type Paste = (before: Cell, copied: Cell, rows: number, columns: number) => Cell

function pasteCell(draft: Draft, type: PasteType, { from, to }: { readonly from: Sheet['id']; readonly to: Sheet['id'] }): Paste {
  const moved = (value: Scalar | Formula | undefined, rows: number, columns: number): Scalar | Formula | undefined =>
    isFormula(value) ? copyReferences(value, { fromSheet: from, toSheet: to, rows, columns }) : value
  switch (type) {
    case 'PASTE_NORMAL':
    case 'PASTE_NO_BORDERS':
      return (_, copied, rows, columns) => (isRich(copied) ? makeCell({ ...copied, value: moved(copied.value, rows, columns) }) : copied)
    case 'PASTE_VALUES':
      return (before, copied) => withValue(before, shownValue(draft, copied))
    case 'PASTE_FORMULA':
      return (before, copied, rows, columns) => withValue(before, moved(valueOf(copied), rows, columns))
    case 'PASTE_FORMAT':
      return (before, copied) => makeCell({ ...(isRich(before) ? before : { value: before }), format: formatOf(copied) })
    case 'PASTE_DATA_VALIDATION':
    case 'PASTE_CONDITIONAL_FORMATTING':
      throw invalidArgument(`The Google Sheets emulator does not implement ${type}.`)
    default:
      return type satisfies never
  }
}

function shownValue(draft: Draft, cell: Cell): Scalar | undefined {
  if (!isRich(cell)) return cell
  const value = computeCell(draft, cell)
  return isError(value) ? errorText(value) : value
}
