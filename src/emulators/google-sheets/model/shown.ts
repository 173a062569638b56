/** What a cell shows to people: its value, computed and formatted. */
import { formatOf } from './cell.ts'
import { computeCell, errorText, isError, type Computed } from './evaluate.ts'
import { isObject } from './field-mask.ts'
import { showValue, type NumberFormat } from './number-format.ts'
import type { Cell, Spreadsheet } from './spreadsheet.ts'

export function numberFormatOf(cell: Cell): NumberFormat | undefined {
  const format = formatOf(cell)?.['numberFormat']
  if (!isObject(format)) return undefined
  const { type, pattern } = format
  return { ...(typeof type === 'string' && { type }), ...(typeof pattern === 'string' && { pattern }) }
}

/** `''` where it holds nothing. */
export function shownText(spreadsheet: Spreadsheet, cell: Cell): string {
  return showComputed(computeCell(spreadsheet, cell), cell)
}

export function showComputed(value: Computed, cell: Cell): string {
  if (value === undefined) return ''
  return isError(value) ? errorText(value) : showValue(value, numberFormatOf(cell))
}
