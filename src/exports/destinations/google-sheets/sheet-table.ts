/** A table as it stands in a tab: its columns found by their titles, wherever people moved them; its rows by their keys, however they were sorted. */
import { SqlflowError } from '../../../core/errors.ts'
import { countOf } from '../../../core/count-of.ts'
import { columnLetters } from '../../column-letters.ts'
import { isFilled } from './existing-cells.ts'
import type { SheetValues } from './google-api.ts'
import type { SheetColumn } from './sheet-columns.ts'
import type { Cell } from './sheet-content.ts'

export type KeyText = string

/** What two cells share that name one row: type and value, so that the number 501 is not the text 00501. */
export function keyOf(cells: readonly (Cell | undefined)[]): KeyText {
  return cells.length === 1 ? textOfKey(cells[0]) : JSON.stringify(cells.map((cell) => textOfKey(cell)))
}

function textOfKey(cell: Cell | undefined): string {
  return `${typeof cell === 'number' ? 'n' : typeof cell === 'boolean' ? 'b' : 's'}${cell ?? ''}`
}

export interface SheetTable {
  /** For each column of the export, the column of the sheet (from 0), or undefined where it has none yet. */
  readonly columnOf: readonly (number | undefined)[]
  /** Rows of the sheet (from 0) by key. */
  readonly rowOf: ReadonlyMap<KeyText, number>
  /** The header's row in the sheet. */
  readonly headerRow: number
  /** One past the last column of the header. */
  readonly endColumn: number
  /** One past the last row that holds anything. */
  readonly endRow: number
  /** A cell by its place in the sheet. */
  cell(row: number, column: number): string | number | boolean | undefined
}

export interface ReadTableOptions {
  readonly tab: string
  readonly columns: readonly SheetColumn[]
  /** Positions of the key in `columns`. */
  readonly key: readonly number[]
  /** The header's row and the table's first column in the sheet; `values` begins there. */
  readonly start: { readonly row: number; readonly column: number }
  readonly values: SheetValues
  /** Titles that were written before: one that is gone was renamed by hand. */
  readonly isKnown: (column: number) => boolean
}

/** Throws SqlflowError `sheet-header-changed`, `sheet-duplicate-title`, `sheet-duplicate-key`. */
export function readTable({ tab, columns, key, start, values, isKnown }: ReadTableOptions): SheetTable {
  const header = (values[0] ?? []).map((title) => String(title))
  const columnOf = columns.map(({ title }, k) => {
    const found = header.indexOf(title)
    if (found === -1) {
      if (isKnown(k) || key.includes(k)) throw headerChanged(tab, title, header)
      return undefined
    }
    const twice = header.indexOf(title, found + 1)
    if (twice !== -1) throw titleTwice(tab, title, [start.column + found, start.column + twice])
    return start.column + found
  })
  const cell = (row: number, column: number): string | number | boolean | undefined => values[row - start.row]?.[column - start.column]
  const rowOf = new Map<KeyText, number>()
  for (let k = 1; k < values.length; k++) {
    const row = start.row + k
    const cells = key.map((column) => cell(row, columnOf[column]!))
    if (!cells.some(isFilled)) continue // a row without a key is nobody's but people's
    const text = keyOf(cells)
    const first = rowOf.get(text)
    if (first !== undefined) throw keyTwice(tab, [first, row])
    rowOf.set(text, row)
  }
  return {
    columnOf,
    rowOf,
    headerRow: start.row,
    endColumn: start.column + header.length,
    endRow: start.row + Math.max(values.length, 1),
    cell,
  }
}

function headerChanged(tab: string, title: string, header: readonly string[]): SqlflowError {
  const there = header.filter((one) => one !== '').map((one) => `\`${one}\``)
  return new SqlflowError('sheet-header-changed', `The header of the tab \`${tab}\` has no column \`${title}\` any more.`, {
    exitCode: 1,
    hint: `Nothing was written. Its columns are ${there.join(', ') || 'none'}. Give the column its title back, or write the new one under \`columns:\` of the export.`,
  })
}

function titleTwice(tab: string, title: string, at: readonly [number, number]): SqlflowError {
  return new SqlflowError(
    'sheet-duplicate-title',
    `Two columns of the tab \`${tab}\` are called \`${title}\`: ${columnLetters(at[0])} and ${columnLetters(at[1])}.`,
    { exitCode: 1, hint: 'Nothing was written. Rename one of them in the sheet.' },
  )
}

function keyTwice(tab: string, rows: readonly [number, number]): SqlflowError {
  return new SqlflowError('sheet-duplicate-key', `Rows ${rows[0] + 1} and ${rows[1] + 1} of the tab \`${tab}\` have the same key.`, {
    exitCode: 1,
    hint: 'Nothing was written. Remove one of them in the sheet.',
  })
}

/** Keys of a column that are numbers in the sheet and texts in the query, or the other way round: no row would ever be found again. */
export function refuseKeyTypes(tab: string, title: string, inSheet: readonly unknown[], inQuery: readonly unknown[]): void {
  const kinds = (values: readonly unknown[]): ReadonlySet<string> =>
    new Set(values.filter((one) => one !== null && one !== undefined && one !== '').map((one) => typeof one))
  const there = kinds(inSheet)
  const here = kinds(inQuery)
  if (there.size !== 1 || here.size !== 1 || there.has([...here][0]!)) return
  const [sheet] = there
  throw new SqlflowError(
    'sheet-key-type',
    `The key \`${title}\` is a ${sheet === 'string' ? 'text' : sheet} in the tab \`${tab}\`, and a ${here.has('string') ? 'text' : [...here][0]} in the query: no row would be found again (${countOf(inSheet.length, 'row')}).`,
    {
      exitCode: 1,
      hint: 'Nothing was written. Write `format: text` for the column, or change its type in the query, or retype the column in the sheet.',
    },
  )
}
