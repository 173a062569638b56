/** The rows of a query that `upsert` finds again by their key. */
import { SqlflowError } from '../../../core/errors.ts'
import { cellsOf, type Cell, type SheetContent } from './sheet-content.ts'
import { keyOf, type KeyText } from './sheet-table.ts'
import type { TabRequest } from './tab-request.ts'

/** The rows of the query by key, in their order. */
export type QueryRows = ReadonlyMap<KeyText, readonly Cell[]>

/** Throws SqlflowError `sheet-key-missing`, `sheet-key-repeated`. */
export async function readRows({ content, export: one }: TabRequest): Promise<QueryRows> {
  const key = keyColumns(content, one.destination.key)
  const rows = new Map<KeyText, readonly Cell[]>()
  let number = 0
  for await (const piece of content.pieces()) {
    for (const row of cellsOf(piece)) {
      number++
      const cells = key.map((k) => row[k])
      if (cells.some((cell) => cell === null || cell === undefined || cell === '')) throw keyMissing(one.destination.key, number)
      const text = keyOf(cells)
      if (rows.has(text)) throw keyRepeated(one.destination.key, number)
      rows.set(text, row)
    }
  }
  return rows
}

/** Positions of the key among the columns; checked when columns are planned. */
export function keyColumns({ columns }: SheetContent, key: readonly string[]): readonly number[] {
  return key.map((name) => columns.findIndex((column) => column.name === name))
}

function keyMissing(key: readonly string[], row: number): SqlflowError {
  return new SqlflowError('sheet-key-missing', `Row ${row.toLocaleString('en-US')} of the query has no value in its key, ${quoted(key)}.`, {
    exitCode: 1,
    hint: 'Nothing was written. Leave such rows out, or choose another key; a test `not_null` would say so earlier.',
  })
}

function keyRepeated(key: readonly string[], row: number): SqlflowError {
  return new SqlflowError(
    'sheet-key-repeated',
    `Row ${row.toLocaleString('en-US')} of the query has the same key, ${quoted(key)}, as one before.`,
    {
      exitCode: 1,
      hint: 'Nothing was written. Choose a key that names one row; a test `unique` would say so earlier.',
    },
  )
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
