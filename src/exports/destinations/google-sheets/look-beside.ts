/** What people put beside a table that `replace` writes: seen before it is written, because the rows under their cells may move. */
import { SqlflowError } from '../../../core/errors.ts'
import { columnLetters } from '../../column-letters.ts'
import { a1Range } from './a1.ts'
import { adjacentColumns, isFilled, rowsTypedInto, sameCell } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest, SheetValues } from './google-api.ts'
import { insertColumns } from './requests.ts'
import { cellsOf } from './sheet-content.ts'
import type { ReadCells } from './tab-plan.ts'
import { headerHeight, type TabRequest } from './tab-request.ts'
import { readPrints } from './tab-state.ts'

/**
 * Columns that people added beside the table. Throws where what they typed would end up beside another row, where the header shows that columns
 * were moved, and where the table gets wider into cells of theirs. Returns the request that makes room, if any.
 */
export async function lookBeside(request: TabRequest, tab: FoundTab, read: ReadCells): Promise<readonly SheetRequest[]> {
  const state = tab.found!.state
  const end = state.column + state.width
  if (tab.columns <= end && state.column === 0) return []
  const top = state.row + headerHeight(request)
  const bottom = Math.max(top + 1, Math.min(state.row + state.height, tab.rows))
  const right = tab.columns > end ? [a1Range(tab.title, { row: state.row, column: end, endRow: bottom, endColumn: tab.columns })] : []
  const left = state.column > 0 ? [a1Range(tab.title, { row: state.row, column: 0, endRow: bottom, endColumn: state.column })] : []
  const header = a1Range(tab.title, { row: state.row, column: state.column, endRow: state.row + 1, endColumn: tab.columns })
  const [headerRow = [], ...sides] = await read([header, ...right, ...left])
  const rightValues = right.length > 0 ? (sides[0] ?? []) : []
  const leftValues = left.length > 0 ? (sides.at(-1) ?? []) : []
  if (request.export.destination.header) refuseMovedColumns(request, tab, headerRow[0] ?? [])
  await refuseMovedRows(request, tab, read, { right: rightValues, left: leftValues })
  const width = request.content.columns.length
  const taken = rightValues.some((row) => row.slice(0, Math.max(0, width - state.width)).some(isFilled))
  if (!taken) return []
  if (request.export.destination.onNewColumns === 'insert') return [insertColumns(tab.sheetId, end, state.column + width)]
  throw new SqlflowError(
    'sheet-columns-taken',
    `The table gets ${width - state.width} wider, and column ${columnLetters(end)} of the tab \`${tab.title}\` holds cells of others.`,
    { exitCode: 1, hint: 'Nothing was written. Write `on_new_columns: insert` to move them to the right, or move them yourself.' },
  )
}

/** A title that stands at another column than it was written to: somebody inserted or moved a column of the table. */
function refuseMovedColumns({ content }: TabRequest, tab: FoundTab, header: readonly (string | number | boolean)[]): void {
  const prints = readPrints(tab.found!.state.prints)
  content.columns.forEach(({ title, print }, k) => {
    const there = String(header[k] ?? '')
    if (prints[k] !== print || there === title || title === '') return
    const elsewhere = header.findIndex((one) => String(one) === title)
    if (elsewhere === -1) return // renamed by hand: the title is written again
    throw new SqlflowError(
      'sheet-columns-moved',
      `In the tab \`${tab.title}\`, \`${title}\` stands in column ${columnLetters(tab.found!.state.column + elsewhere)}; it was written to column ${columnLetters(tab.found!.state.column + k)}.`,
      {
        exitCode: 1,
        hint: 'Nothing was written, because cells of others would be overwritten. Move columns of your own to the right of the table, or use `mode: upsert`, which finds its columns by their titles.',
      },
    )
  })
}

interface Sides {
  readonly right: SheetValues
  readonly left: SheetValues
}

async function refuseMovedRows(request: TabRequest, tab: FoundTab, read: ReadCells, { right, left }: Sides): Promise<void> {
  const state = tab.found!.state
  const header = headerHeight(request)
  const mirrored = left.map((row) => Array.from({ length: state.column }, (_, k) => row[state.column - 1 - k] ?? ''))
  const typed = new Set(
    [right, mirrored].flatMap((values) => rowsTypedInto(values, { from: 0, to: adjacentColumns(values) })).filter((row) => row >= header),
  )
  if (typed.size === 0) return
  const at = { row: state.row + header, column: state.column, endRow: state.row + state.height, endColumn: state.column + state.width }
  const [before = []] = at.endRow > at.row ? await read([a1Range(tab.title, at)]) : []
  if (
    !(await movesAny(
      request,
      before,
      [...typed].map((row) => row - header),
    ))
  )
    return
  throw new SqlflowError(
    'sheet-cells-beside',
    `People typed into ${typed.size === 1 ? 'a row' : `${typed.size} rows`} beside the table in the tab \`${tab.title}\`, and the rows there would move under their cells.`,
    {
      exitCode: 1,
      hint: 'Nothing was written. Use `mode: upsert` with a `key`: every row keeps its place, and what stands beside it. Or leave an empty column between the table and what is no part of its rows.',
    },
  )
}

/** Whether one of `rows` holds another row than before: another key where the export names one, else any other value. */
async function movesAny({ content, export: one }: TabRequest, before: SheetValues, rows: readonly number[]): Promise<boolean> {
  const { key } = one.destination
  const compared = content.columns.flatMap((column, k) => (column.formula || (key.length > 0 && !key.includes(column.name)) ? [] : [k]))
  const wanted = new Set(rows)
  let index = 0
  for await (const piece of content.pieces()) {
    for (const row of cellsOf(piece)) {
      if (wanted.delete(index) && compared.some((k) => !sameCell(before[index]?.[k], row[k]))) return true
      index++
    }
  }
  return [...wanted].some((row) => before[row]?.some(isFilled) === true) // rows that go
}
