/** Changes that are too many for one call: our columns are staged whole, in the order of the sheet, and pasted over the rows that are ours. */
import type { CallSizes } from './call-sizes.ts'
import type { SheetRequest } from './google-api.ts'
import { tooManyFormulas } from './plan-replace.ts'
import { pasteValues } from './requests.ts'
import { runsOf } from './runs.ts'
import { piecesOf } from './spool.ts'
import type { Staging } from './tab-plan.ts'
import type { Changes, Meeting } from './upsert-changes.ts'

export function rewrite(
  { request, sheetId, rows, table, layout }: Meeting,
  changes: Changes,
  { piece }: CallSizes,
): { readonly before: readonly SheetRequest[]; readonly staging: Staging } {
  const { content } = request
  if (content.columns.some(({ formula }) => formula)) throw tooManyFormulas()
  const order = layout.columns.map((column, k) => ({ column, k })).toSorted((a, b) => a.column - b.column)
  const keyOfRow = new Map([...table.rowOf].map(([key, row]) => [row, key]))
  const first = table.headerRow + 1
  const ours: number[] = []
  const lines: string[] = []
  for (let row = first; row < table.endRow; row++) {
    const wanted = rows.get(keyOfRow.get(row) ?? '')
    if (wanted) ours.push(row)
    lines.push(JSON.stringify(order.map(({ k }) => wanted?.[k] ?? null)))
  }
  for (const row of changes.added) lines.push(JSON.stringify(order.map(({ k }) => row[k] ?? null)))
  const last = { from: table.endRow, to: table.endRow + changes.added.length }
  const rowRuns = [...runsOf(ours), ...(changes.added.length > 0 ? [last] : [])]
  const columnRuns = runsOf(order.map(({ column }) => column))
  const paste = (stageId: number): readonly SheetRequest[] =>
    rowRuns.flatMap(({ from, to }) =>
      columnRuns.map((run) => {
        const at = order.findIndex(({ column }) => column === run.from)
        const source = { row: from - first, column: at, endRow: to - first, endColumn: at + run.to - run.from }
        const target = { row: from, column: run.from, endRow: to, endColumn: run.to }
        return pasteValues({ sheetId: stageId, at: source }, { sheetId, at: target })
      }),
    )
  return {
    before: changes.marks,
    staging: {
      rows: lines.length,
      columns: order.length,
      calls: [...piecesOf(lines, piece)].length,
      bytes: lines.reduce((sum, line) => sum + line.length + 1, 0),
      pieces: () => piecesOf(lines, piece),
      paste,
    },
  }
}
