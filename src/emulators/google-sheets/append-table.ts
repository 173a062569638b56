/**
 * Where `values.append` writes. A table is a block of filled cells that touch one another, sideways or cornerwise. As recorded of Google, a gap in the last row
 * therefore splits it: after `["a", "", "c"]` the table is the column of "c" alone, and the next row begins there. An export must not be written by it.
 */
import type { Area } from './a1-notation.ts'
import { isFilled, type Row, type Sheet } from './workbook.ts'

/** The lowest table that the area touches, and of two that end in one row the one to the right; without any, an empty one at its start. */
export function tableBelow(area: Area): Area {
  const { sheet, row, column, endRow, endColumn } = area
  const touched = findBlocks(sheet).filter(
    (block) => block.row < endRow && block.endRow > row && block.column < endColumn && block.endColumn > column,
  )
  const [lowest] = touched.sort((one, other) => other.endRow - one.endRow || other.column - one.column)
  return lowest ? { sheet, ...lowest } : { ...area, endRow: row, endColumn: column + 1 }
}

type Block = Omit<Area, 'sheet'>

interface Run {
  readonly column: number
  /** Exclusive. */
  readonly endColumn: number
}

function findBlocks({ rows }: Sheet): readonly Block[] {
  const done: Block[] = []
  let open: { readonly block: Block; readonly runs: readonly Run[] }[] = []
  for (const [row, cells] of rows.entries()) {
    const runs = filledRuns(cells ?? [])
    const next: typeof open = []
    for (const run of runs) {
      const own = { block: { row, endRow: row + 1, ...run }, runs: [run] }
      const joins = (one: (typeof open)[number], by: readonly Run[]): boolean =>
        by.some((a) => one.runs.some((b) => a.column <= b.endColumn && b.column <= a.endColumn))
      const above = open.filter((one) => joins(one, [run]))
      const beside = next.filter((one) => above.some(({ block }) => holds(one.block, block)))
      const joined = [own, ...above, ...beside]
      next.splice(0, next.length, ...next.filter((one) => !beside.includes(one)), {
        block: joined.map(({ block }) => block).reduce(union),
        runs: [run, ...beside.flatMap((one) => one.runs)],
      })
    }
    done.push(...open.filter(({ block }) => !next.some((one) => holds(one.block, block))).map(({ block }) => block))
    open = next
  }
  return [...done, ...open.map(({ block }) => block)]
}

function holds(outer: Block, inner: Block): boolean {
  return outer.row <= inner.row && outer.endRow >= inner.endRow && outer.column <= inner.column && outer.endColumn >= inner.endColumn
}

function union(one: Block, other: Block): Block {
  return {
    row: Math.min(one.row, other.row),
    endRow: Math.max(one.endRow, other.endRow),
    column: Math.min(one.column, other.column),
    endColumn: Math.max(one.endColumn, other.endColumn),
  }
}

function filledRuns(cells: Row): readonly Run[] {
  const runs: { column: number; endColumn: number }[] = []
  for (const [column, cell] of cells.entries()) {
    if (!isFilled(cell)) continue
    const last = runs.at(-1)
    if (last?.endColumn === column) last.endColumn++
    else runs.push({ column, endColumn: column + 1 })
  }
  return runs
}
