/** `sortRange`: what people do to a tab between two exports. Rows of the range are reordered with everything in their cells. */
import { computeCell, isError, type Computed } from '../model/evaluate.ts'
import { findSheet, writableSheet } from '../model/draft.ts'
import { isFormula, isRich } from '../model/cell.ts'
import { copyReferences } from '../model/formula.ts'
import { invalidArgument } from '../model/google-error.ts'
import type { Cell } from '../model/spreadsheet.ts'
import { checkedBox, checkMayEdit } from './boxes.ts'
import type { RequestHandler } from './context.ts'
import { setRow } from './write-cells.ts'

export const sortRange: RequestHandler<'sortRange'> = (draft, { range, sortSpecs }, requester) => {
  const sheet = findSheet(draft, range?.sheetId)
  const box = checkedBox(range, sheet)
  checkMayEdit(sheet, box, requester)
  const specs = (sortSpecs ?? []).map(({ dimensionIndex, sortOrder }) => ({
    column: dimensionIndex ?? 0,
    descending: sortOrder === 'DESCENDING',
  }))
  if (specs.some(({ column }) => column < box.startColumn || column >= box.endColumn))
    throw invalidArgument('Sort column must be in the range.')
  const width = box.endColumn - box.startColumn
  const lines = Array.from({ length: box.endRow - box.startRow }, (_, at) => {
    const row = sheet.rows[box.startRow + at] ?? []
    return {
      row: box.startRow + at,
      cells: Array.from({ length: width }, (_, column) => row[box.startColumn + column]),
      keys: specs.map(({ column }) => computeCell(draft, row[column])),
    }
  })
  lines.sort((one, other) => {
    for (const [at, { descending }] of specs.entries()) {
      const order = compareValues(one.keys[at], other.keys[at], descending)
      if (order !== 0) return order
    }
    return 0
  })
  const writable = writableSheet(draft, sheet.id)
  for (const [at, { row, cells }] of lines.entries()) {
    const target = box.startRow + at
    const next: Cell[] = [...(writable.rows[target] ?? [])]
    while (next.length < box.startColumn) next.push(undefined)
    const moved = cells.map((cell) => moveCell(cell, sheet.id, target - row))
    next.splice(box.startColumn, width, ...moved)
    setRow(writable, target, next)
  }
}

/** References of a sorted row go along with it. */
function moveCell(cell: Cell, sheetId: number, rows: number): Cell {
  if (!isRich(cell) || !isFormula(cell.value)) return cell
  return { ...cell, value: copyReferences(cell.value, { fromSheet: sheetId, toSheet: sheetId, rows, columns: 0 }) }
}

/** Numbers, then text, then booleans, then errors; empty cells last in either order. */
function compareValues(one: Computed, other: Computed, descending: boolean): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  const kind = kindOf(one) - kindOf(other)
  const order = kind === 0 ? compareSame(one, other) : kind
  return descending ? -order : order
}

function kindOf(value: Computed): number {
  return isError(value) ? 3 : ['number', 'string', 'boolean'].indexOf(typeof value)
}

function compareSame(one: Computed, other: Computed): number {
  if (typeof one === 'string' && typeof other === 'string') return one.localeCompare(other, 'en', { sensitivity: 'base' })
  return Number(one) - Number(other) || 0
}
