/** Cells of others: what must be seen before a table is written over, beside or into them. */
import { countOf } from '../../../core/count-of.ts'
import { SqlflowError } from '../../../core/errors.ts'
import { a1Cell, type Rectangle } from './a1.ts'
import type { SheetValues } from './google-api.ts'
import type { Cell } from './sheet-content.ts'

export function isFilled(cell: string | number | boolean | undefined): boolean {
  return cell !== undefined && cell !== ''
}

/** Rows down to the last that holds anything. */
export function filledRows(values: SheetValues): number {
  return values.findLastIndex((row) => row.some(isFilled)) + 1
}

/** What somebody prepared for the table: its header alone. */
export function isHeaderAlone(values: SheetValues, titles: readonly string[]): boolean {
  return filledRows(values) === 1 && titles.every((title, k) => String(values[0]?.[k] ?? '') === title)
}

export function sameCell(old: string | number | boolean | undefined, wanted: Cell | undefined): boolean {
  return (old ?? '') === (wanted ?? '')
}

/** Before the first export: `values` is what stands where the table would. */
export function refuseOccupied(tab: string, { row, column }: Pick<Rectangle, 'row' | 'column'>, values: SheetValues): SqlflowError {
  const first = values.findIndex((cells) => cells.some(isFilled))
  const cell = a1Cell(row + first, column + values[first]!.findIndex(isFilled))
  const filled = values.reduce((sum, cells) => sum + cells.filter(isFilled).length, 0)
  return new SqlflowError(
    'sheet-occupied',
    `The tab \`${tab}\` holds data that this export did not write: ${countOf(filled, 'cell')}, from ${cell} on.`,
    {
      exitCode: 1,
      hint: 'Nothing was written. Choose another `tab`, or take these cells over, once, with `--adopt`.',
    },
  )
}

/** Columns that touch the table: up to the first that is wholly empty. `values` begins at the column next to the table. */
export function adjacentColumns(values: SheetValues): number {
  const width = values.reduce((most, row) => Math.max(most, row.length), 0)
  for (let k = 0; k < width; k++) if (!values.some((row) => isFilled(row[k]))) return k
  return width
}

/** Rows that hold something typed in by hand; formulas are computed anew wherever their row goes. */
export function rowsTypedInto(values: SheetValues, columns: { readonly from: number; readonly to: number }): readonly number[] {
  return values.flatMap((row, k) => (row.slice(columns.from, columns.to).some(isTyped) ? [k] : []))
}

function isTyped(cell: string | number | boolean | undefined): boolean {
  return isFilled(cell) && !(typeof cell === 'string' && cell.startsWith('='))
}
