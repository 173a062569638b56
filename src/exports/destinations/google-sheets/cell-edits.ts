/** Single cells to be written, gathered into as few requests as rectangles allow: neighbours in a row, then equal stretches of rows below one another. */
import type { SheetRequest } from './google-api.ts'
import { writeRectangle, type cellData } from './requests.ts'

type CellData = ReturnType<typeof cellData>

export interface CellEdits {
  add(row: number, column: number, cell: CellData): void
  requests(sheetId: number): readonly SheetRequest[]
}

interface Stretch {
  readonly row: number
  readonly column: number
  readonly rows: { readonly values: CellData[] }[]
}

export function createCellEdits(): CellEdits {
  const edits: { readonly row: number; readonly column: number; readonly cell: CellData }[] = []
  return {
    add: (row, column, cell) => {
      edits.push({ row, column, cell })
    },
    requests: (sheetId) => {
      edits.sort((a, b) => a.row - b.row || a.column - b.column)
      const stretches: Stretch[] = []
      for (const { row, column, cell } of edits) {
        const last = stretches.at(-1)
        if (last?.row === row && last.column + last.rows[0]!.values.length === column) last.rows[0]!.values.push(cell)
        else stretches.push({ row, column, rows: [{ values: [cell] }] })
      }
      return stackStretches(stretches).map(({ row, column, rows }) =>
        writeRectangle(sheetId, { row, column, endRow: row + rows.length, endColumn: column + rows[0]!.values.length }, rows),
      )
    },
  }
}

/** `stretches` of one row each, in order. */
function stackStretches(stretches: readonly Stretch[]): readonly Stretch[] {
  const stacked: Stretch[] = []
  const open = new Map<string, Stretch>()
  for (const stretch of stretches) {
    const shape = `${stretch.column}:${stretch.rows[0]!.values.length}`
    const above = open.get(shape)
    if (above && above.row + above.rows.length === stretch.row) {
      above.rows.push(...stretch.rows)
      continue
    }
    stacked.push(stretch)
    open.set(shape, stretch)
  }
  return stacked
}
