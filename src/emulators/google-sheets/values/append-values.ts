/**
 * `values.append`: looks for a table in the range and writes below it. As recorded of Google, a gap in the last row splits the table, and the next rows land
 * under the part to the right: after `["a", "", "c"]` they begin in column C. That is why a destination must not use it.
 */
import type { FoundRange } from '../model/a1.ts'
import { isEmptyValue } from '../model/cell.ts'
import { findSheet, writableSheet, type Draft } from '../model/draft.ts'
import { boxOf, intersect, type Box } from '../model/grid-range.ts'
import type { Requester } from '../model/requester.ts'
import type { Sheet } from '../model/spreadsheet.ts'
import { growColumns, growRows } from '../requests/grow.ts'
import { changeLines } from '../requests/lines.ts'
import { writeValues, type InputOption, type Written } from './write-values.ts'
import type { Typed } from './value-range.ts'

export interface AppendInput {
  readonly target: FoundRange
  readonly rows: readonly (readonly Typed[])[]
  readonly option: InputOption
  readonly insertRows: boolean
}

export interface Appended {
  readonly table: Box | undefined
  readonly written: Written
}

export function appendValues(draft: Draft, requester: Requester, { target, rows, option, insertRows }: AppendInput): Appended {
  const { sheet, range } = target
  const searched = boxOf(range, sheet)
  const table = findTable(
    sheet,
    target.single ? { ...searched, endRow: searched.startRow + 1, endColumn: searched.startColumn + 1 } : searched,
  )
  const startRow = table?.endRow ?? searched.startRow
  const startColumn = table?.startColumn ?? searched.startColumn
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  if (insertRows && startRow < sheet.rowCount && rows.length > 0)
    changeLines(draft, { kind: 'insert', sheetId: sheet.id, dimension: 'ROWS', start: startRow, end: startRow + rows.length }, 'before')
  const writable = writableSheet(draft, sheet.id)
  growRows(writable, startRow + rows.length)
  growColumns(writable, startColumn + width)
  const start = { startRowIndex: startRow, endRowIndex: startRow + 1, startColumnIndex: startColumn, endColumnIndex: startColumn + 1 }
  const written = writeValues(draft, requester, { target: { sheet: findSheet(draft, sheet.id), range: start, single: true }, rows, option })
  return { table, written }
}

/** The lowest block of filled cells that touch one another, sideways or cornerwise, and the range; of two that end alike, the one to the right. */
function findTable(sheet: Sheet, searched: Box): Box | undefined {
  const tables = findBlocks(sheet).filter((block) => intersect(block, searched))
  return tables.sort((one, other) => other.endRow - one.endRow || other.startColumn - one.startColumn)[0]
}

function findBlocks(sheet: Sheet): readonly Box[] {
  const blocks: Box[] = []
  let above: { block: number; from: number; to: number }[] = []
  const parent: number[] = []
  const root = (block: number): number => (parent[block] === block ? block : root(parent[block]!))
  for (const [row, cells] of sheet.rows.entries()) {
    const runs: typeof above = []
    for (const { from, to } of filledRuns(cells ?? [])) {
      const touching = [...new Set(above.filter((run) => run.from <= to && run.to >= from).map((run) => root(run.block)))]
      const block = touching[0] ?? blocks.length
      if (touching.length === 0) parent.push(block)
      let box =
        touching.length === 0
          ? { startRow: row, endRow: row + 1, startColumn: from, endColumn: to }
          : union(blocks[block]!, { startRow: row, endRow: row + 1, startColumn: from, endColumn: to })
      for (const other of touching.slice(1)) {
        parent[other] = block
        box = union(box, blocks[other]!)
      }
      blocks[block] = box
      runs.push({ block, from, to })
    }
    above = runs
  }
  return blocks.filter((_, block) => parent[block] === block)
}

/** Half-open, in the order of the columns. */
function filledRuns(cells: Sheet['rows'][number] & object): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const [column, cell] of cells.entries()) {
    if (isEmptyValue(cell)) continue
    const last = runs.at(-1)
    if (last?.to === column) last.to = column + 1
    else runs.push({ from: column, to: column + 1 })
  }
  return runs
}

function union(one: Box, other: Box): Box {
  return {
    startRow: Math.min(one.startRow, other.startRow),
    endRow: Math.max(one.endRow, other.endRow),
    startColumn: Math.min(one.startColumn, other.startColumn),
    endColumn: Math.max(one.endColumn, other.endColumn),
  }
}
