/** What differs between the rows of a query and those of a sheet, as edits of single cells, rows to append and rows to take away. */
import { createCellEdits } from './cell-edits.ts'
import { isFilled, sameCell } from './existing-cells.ts'
import type { SheetRequest } from './google-api.ts'
import { appendRows, cellData } from './requests.ts'
import { runsOf } from './runs.ts'
import { dateSerial, wallClockOf } from './serial-time.ts'
import type { Cell, SheetContent } from './sheet-content.ts'
import type { SheetTable } from './sheet-table.ts'
import type { TabRequest } from './tab-request.ts'
import type { Placed } from './upsert-columns.ts'
import type { QueryRows } from './upsert-rows.ts'

export interface Meeting {
  readonly request: TabRequest
  readonly sheetId: number
  readonly rows: QueryRows
  readonly table: SheetTable
  readonly layout: Placed
}

export interface Changes {
  /** Of rows that are there and stay, in our columns. */
  readonly edits: readonly SheetRequest[]
  /** Of rows that go or come back: cells emptied, and the column that marks them. */
  readonly marks: readonly SheetRequest[]
  readonly appended: readonly SheetRequest[]
  readonly deletions: readonly SheetRequest[]
  readonly added: readonly (readonly Cell[])[]
  /** Rows of the sheet. */
  readonly removed: readonly number[]
  readonly changed: number
}

export function findChanges({ request, sheetId, rows, table, layout }: Meeting): Changes {
  const { content, export: one } = request
  const { onRemoved } = one.destination
  const edits = createCellEdits()
  const marks = createCellEdits()
  const added: (readonly Cell[])[] = []
  let changed = 0
  for (const [key, row] of rows) {
    const at = table.rowOf.get(key)
    if (at === undefined) {
      added.push(row)
      continue
    }
    const differing = layout.columns.flatMap((column, k) => (sameCell(table.cell(at, column), row[k]) ? [] : [k]))
    for (const k of differing) edits.add(at, layout.columns[k]!, cellData(row[k] ?? null, content.columns[k]!.formula))
    const wasMarked = layout.mark !== undefined && isFilled(table.cell(at, layout.mark))
    if (wasMarked) marks.add(at, layout.mark, cellData(null))
    if (differing.length > 0 || wasMarked) changed++
  }
  const gone = [...table.rowOf].filter(([key]) => !rows.has(key)).map(([, row]) => row)
  const { mark } = layout
  const removed = onRemoved === 'keep' ? [] : gone.filter((row) => mark === undefined || !isFilled(table.cell(row, mark)))
  for (const row of removed) {
    if (mark !== undefined) marks.add(row, mark, cellData(today(request)))
    else if (onRemoved === 'clear') for (const column of layout.columns) marks.add(row, column, cellData(null))
  }
  return {
    edits: edits.requests(sheetId),
    marks: marks.requests(sheetId),
    appended:
      added.length === 0
        ? []
        : [
            appendRows(
              sheetId,
              0,
              added.map((row) => placedRow(row, content, layout)),
            ),
          ],
    deletions: onRemoved === 'delete_row' ? deleteRows(sheetId, removed) : [],
    added,
    removed,
    changed,
  }
}

/** The day as a date of the sheet. */
function today({ now, timeZone }: TabRequest): Cell {
  const wall = new Date(wallClockOf(timeZone)(now.getTime())).toISOString().slice(0, 10)
  return Number(dateSerial(wall))
}

/** A row of the sheet with our cells at their columns, and nothing between them. */
function placedRow(
  row: readonly Cell[],
  content: SheetContent,
  { columns, endColumn }: Placed,
): { readonly values: ReturnType<typeof cellData>[] } {
  const values = Array.from({ length: endColumn }, () => cellData(null))
  columns.forEach((column, k) => {
    values[column] = cellData(row[k] ?? null, content.columns[k]!.formula)
  })
  return { values }
}

function deleteRows(sheetId: number, rows: readonly number[]): readonly SheetRequest[] {
  const fromBelow = rows.toSorted((a, b) => b - a)
  return runsOf(fromBelow.toReversed())
    .toReversed()
    .map(({ from, to }) => ({ deleteDimension: { range: { sheetId, dimension: 'ROWS', startIndex: from, endIndex: to } } }))
}
