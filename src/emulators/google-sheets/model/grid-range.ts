/** Ranges of a grid: their bounds within a sheet, and what becomes of them when rows or columns are inserted or deleted. */
import type { Dimension, GridRange, Sheet } from './spreadsheet.ts'

/** All four bounds, half-open. */
export interface Box {
  readonly startRow: number
  readonly endRow: number
  readonly startColumn: number
  readonly endColumn: number
}

/** Bounds that are absent are those of the sheet. */
export function boxOf(range: Omit<GridRange, 'sheetId'>, { rowCount, columnCount }: Pick<Sheet, 'rowCount' | 'columnCount'>): Box {
  return {
    startRow: range.startRowIndex ?? 0,
    endRow: range.endRowIndex ?? rowCount,
    startColumn: range.startColumnIndex ?? 0,
    endColumn: range.endColumnIndex ?? columnCount,
  }
}

export function rangeOf(sheetId: number, { startRow, endRow, startColumn, endColumn }: Box): GridRange {
  return { sheetId, startRowIndex: startRow, endRowIndex: endRow, startColumnIndex: startColumn, endColumnIndex: endColumn }
}

export function intersect(one: Box, other: Box): Box | undefined {
  const box = {
    startRow: Math.max(one.startRow, other.startRow),
    endRow: Math.min(one.endRow, other.endRow),
    startColumn: Math.max(one.startColumn, other.startColumn),
    endColumn: Math.min(one.endColumn, other.endColumn),
  }
  return box.startRow < box.endRow && box.startColumn < box.endColumn ? box : undefined
}

export interface DimensionChange {
  readonly kind: 'insert' | 'delete'
  readonly sheetId: number
  readonly dimension: Dimension
  /** Half-open; an insertion stands before `start`. */
  readonly start: number
  readonly end: number
}

/** The range that holds the same cells after the change; undefined where they are all deleted. */
export function moveRange(range: GridRange, change: DimensionChange): GridRange | undefined {
  if (range.sheetId !== change.sheetId) return range
  const [startKey, endKey] =
    change.dimension === 'ROWS' ? (['startRowIndex', 'endRowIndex'] as const) : (['startColumnIndex', 'endColumnIndex'] as const)
  const start = range[startKey]
  const end = range[endKey]
  const movedStart = start === undefined ? undefined : movePosition(start, change, 'start')
  const movedEnd = end === undefined ? undefined : movePosition(end, change, 'end')
  if (movedEnd !== undefined && movedEnd <= (movedStart ?? 0)) return undefined
  return { ...range, ...(movedStart !== undefined && { [startKey]: movedStart }), ...(movedEnd !== undefined && { [endKey]: movedEnd }) }
}

/** A position stands between two lines. Where lines are inserted just there, a range that starts moves behind them and one that ends stays before. */
function movePosition(position: number, { kind, start, end }: DimensionChange, bound: 'start' | 'end'): number {
  const count = end - start
  if (kind === 'insert') return position > start || (bound === 'start' && position === start) ? position + count : position
  if (position <= start) return position
  return position >= end ? position - count : start
}

/** Where a single row or column stands after the change; undefined where it is deleted. */
export function moveLine(index: number, change: DimensionChange): number | undefined {
  if (change.kind === 'delete' && index >= change.start && index < change.end) return undefined
  return movePosition(index, change, 'start')
}
