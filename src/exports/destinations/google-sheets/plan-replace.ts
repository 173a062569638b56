/**
 * `replace`: the table becomes what was read. Its rectangle alone is written: what it was the last time and what it will be. The grid grows and
 * never shrinks, so that no formula elsewhere loses what it points to.
 */
import { SqlflowError } from '../../../core/errors.ts'
import { a1Columns, a1Range, type Rectangle } from './a1.ts'
import { columnLetters } from '../../column-letters.ts'
import { adjacentColumns, filledRows, isFilled, isHeaderAlone, refuseOccupied, rowsTypedInto, sameCell } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest, SheetValues } from './google-api.ts'
import {
  boldRow,
  bytesOf,
  emptyRectangle,
  formatColumns,
  freezeRows,
  growGrid,
  insertColumns,
  pasteValues,
  rowData,
  writeRectangle,
} from './requests.ts'
import { cellsOf, type SheetContent } from './sheet-content.ts'
import { stampRequests } from './stamp.ts'
import { headerHeight, heightOf, type TabRequest } from './tab-request.ts'
import { joinPieces, type Piece } from './spool.ts'
import type { PlanContext, ReadCells, Staging, TabPlan } from './tab-plan.ts'
import { commitRequests, readPrints } from './tab-state.ts'
import { nextState } from './next-state.ts'

/** What stands there, as far as it is ours. */
interface Owned {
  readonly rectangle: Rectangle
  readonly rows: number | undefined
  readonly adopted: boolean
}

export async function planReplace(request: TabRequest, tab: FoundTab, context: PlanContext): Promise<TabPlan> {
  const { content, force } = request
  const state = tab.found?.state
  const base = { request, tab, rowsBefore: state?.rows }
  const moved = isMoved(request, tab)
  if (state?.digest === content.digest && !moved && !force) {
    return { ...base, change: 'none', before: [], staging: undefined, after: [], growth: 0, next: undefined, notes: [] }
  }
  refuseOverlap(request, tab)
  const owned = await findOwned(request, tab, context.read)
  const inserted = state === undefined || moved ? [] : await lookBeside(request, tab, context.read)
  return { ...base, ...(await layOut(request, tab, { owned, inserted, inlineBytes: context.inlineBytes })) }
}

/** The export names another `start` than the last time. */
function isMoved({ export: one }: TabRequest, { found }: FoundTab): boolean {
  const { row, column } = one.destination.start
  return found !== undefined && (found.state.row !== row || found.state.column !== column)
}

export function tableOf(request: Pick<TabRequest, 'export' | 'content'>, height: number): Rectangle {
  const { row, column } = request.export.destination.start
  return { row, column, endRow: row + height, endColumn: column + request.content.columns.length }
}

/** The rectangle of the last time; on a tab that was not written before, nothing, or what is taken over. */
async function findOwned(request: TabRequest, tab: FoundTab, read: ReadCells): Promise<Owned> {
  const state = tab.found?.state
  const own = state && { row: state.row, column: state.column, endRow: state.row + state.height, endColumn: state.column + state.width }
  const table = tableOf(request, heightOf(request))
  if (own && own.row === table.row && own.column === table.column) return { rectangle: own, rows: state.rows, adopted: false }
  const nothing = { ...table, endRow: table.row, endColumn: table.column }
  if (tab.isNew || table.row >= tab.rows || table.column >= tab.columns)
    return { rectangle: own ?? nothing, rows: undefined, adopted: false }
  const within = { ...table, endColumn: Math.min(table.endColumn, tab.columns) }
  const [found = []] = await read([a1Columns(tab.title, within)])
  const values = own ? without(own, found, table) : found
  const height = filledRows(values)
  const titles = request.content.columns.map(({ title }) => title)
  if (height === 0 || isHeaderAlone(values, titles)) return { rectangle: own ?? nothing, rows: undefined, adopted: false }
  if (!request.adopt) throw refuseOccupied(tab.title, table, values)
  return { rectangle: { ...table, endRow: table.row + height }, rows: undefined, adopted: true }
}

/** Cells that stand from the corner of `table` on, but for those of the rectangle. */
function without(rectangle: Rectangle, values: SheetValues, { row, column }: Rectangle): SheetValues {
  const isIn = (r: number, k: number): boolean =>
    r >= rectangle.row && r < rectangle.endRow && k >= rectangle.column && k < rectangle.endColumn
  return values.map((cells, r) => cells.map((cell, k) => (isIn(row + r, column + k) ? '' : cell)))
}

/** Two exports side by side on one tab keep to their own cells. */
export function refuseOverlap(request: TabRequest, tab: FoundTab): void {
  const table = tableOf(request, heightOf(request))
  const met = tab.others.find(
    (other) =>
      other.day === undefined &&
      other.row < table.endRow &&
      table.row < other.row + other.height &&
      other.column < table.endColumn &&
      table.column < other.column + other.width,
  )
  if (!met || request.adopt) return
  throw new SqlflowError(
    'sheet-tables-overlap',
    `The tab \`${tab.title}\` holds the table of the export \`${met.export}\` of project \`${met.project}\` where this one would be written.`,
    {
      exitCode: 1,
      hint: 'Nothing was written. Choose another `tab` or `start`; if the export was renamed, take its table over, once, with `--adopt`.',
    },
  )
}

/**
 * Columns that people added beside the table. Throws where what they typed would end up beside another row, where the header shows that columns
 * were moved, and where the table gets wider into cells of theirs. Returns the request that makes room, if any.
 */
async function lookBeside(request: TabRequest, tab: FoundTab, read: ReadCells): Promise<readonly SheetRequest[]> {
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

interface Ground {
  readonly owned: Owned
  readonly inserted: readonly SheetRequest[]
  readonly inlineBytes: number
}

type Layout = Pick<TabPlan, 'change' | 'before' | 'staging' | 'after' | 'growth' | 'next' | 'notes'>

async function layOut(request: TabRequest, tab: FoundTab, { owned, inserted, inlineBytes }: Ground): Promise<Layout> {
  const { content } = request
  const { sheetId } = tab
  const table = tableOf(request, heightOf(request))
  const whole = cover(owned.rectangle, table)
  const needed = neededGrid(request, whole)
  const grid = { rows: tab.rows, columns: tab.columns + inserted.length * (table.endColumn - owned.rectangle.endColumn) }
  const isFirst = tab.found === undefined
  const isBlank = tab.isNew || (isFirst && !owned.adopted)
  const formats = headerRequests(request, tab, isBlank)
  const next = nextState(request, tab, { height: heightOf(request), ...(owned.adopted && { adopted: request.now.toISOString() }) })
  const after = [
    ...formats,
    ...followFilter(tab, owned.rectangle, table),
    ...stampRequests(request, sheetId),
    ...commitRequests(next, tab.found, tab.foreign),
  ]
  const grow = tab.isNew ? [addTab(request, tab, needed)] : [...inserted, ...growGrid(sheetId, grid, needed)]
  const growth = tab.isNew
    ? needed.rows * needed.columns
    : Math.max(needed.rows, tab.rows) * Math.max(needed.columns, grid.columns) - tab.rows * tab.columns
  const base = {
    change: tab.isNew ? ('create' as const) : ('write' as const),
    after,
    growth,
    next,
    notes: owned.adopted ? ['taken over'] : [],
  }
  const isSmall = heightOf(request) === 0 || estimateBytes(content) <= inlineBytes
  if (isSmall) return { ...base, before: [...grow, ...(await writeInline(request, sheetId, whole))], staging: undefined }
  const formulas = await writeFormulas(request, sheetId)
  return {
    ...base,
    before: grow,
    staging: {
      ...stageContent(request),
      paste: (stageId) => [
        emptyRectangle(sheetId, whole),
        pasteValues(
          { sheetId: stageId, at: { row: 0, column: 0, endRow: heightOf(request), endColumn: content.columns.length } },
          { sheetId, at: table },
        ),
        ...formulas,
      ],
    },
  }
}

/** Rows and columns that the grid must have: for the table, with a row whose cells show how columns look, and for the cell of its stamp. */
export function neededGrid(request: TabRequest, table: Rectangle): { readonly rows: number; readonly columns: number } {
  const { stamp, start } = request.export.destination
  const cell = stamp && stamp.cell !== 'header_note' ? stamp.cell : { row: 0, column: 0 }
  const rows = Math.max(table.endRow, start.row + headerHeight(request) + 1, cell.row + 1)
  return { rows, columns: Math.max(table.endColumn, cell.column + 1) }
}

/** From the first row of the one to the last of the other. */
function cover(a: Rectangle, b: Rectangle): Rectangle {
  return {
    row: Math.min(a.row, b.row),
    column: Math.min(a.column, b.column),
    endRow: Math.max(a.endRow, b.endRow),
    endColumn: Math.max(a.endColumn, b.endColumn),
  }
}

export function addTab(
  request: TabRequest,
  { sheetId, title }: FoundTab,
  grid: { readonly rows: number; readonly columns: number },
): SheetRequest {
  const frozen = request.export.destination.header && request.export.destination.start.row === 0
  return {
    addSheet: {
      properties: {
        sheetId,
        title,
        gridProperties: { rowCount: Math.max(grid.rows, frozen ? 2 : 1), columnCount: grid.columns, ...(frozen && { frozenRowCount: 1 }) },
      },
    },
  }
}

/** Looks of new columns; those that were there before keep what people made of them. */
export function headerRequests(request: TabRequest, tab: FoundTab, isBlank: boolean): readonly SheetRequest[] {
  const { content } = request
  const { start, header } = request.export.destination
  const moved = isMoved(request, tab)
  const prints = tab.found && !moved ? readPrints(tab.found.state.prints) : []
  const isKnown = tab.found !== undefined && !moved && prints.length === 0
  const formats = content.columns.map(({ format, print }, k) => {
    if (isKnown || prints[k] === print) return undefined
    return format === undefined && prints[k] === undefined ? undefined : { format }
  })
  const from = { row: start.row + headerHeight(request), column: start.column }
  const requests = [...formatColumns(tab.sheetId, from, formats)]
  if (!(isBlank || moved) || !header) return requests
  requests.push(boldRow(tab.sheetId, tableOf(request, 1)))
  if (!tab.isNew && start.row === 0 && tab.frozenRows === 0 && tab.rows > 1) requests.push(freezeRows(tab.sheetId, 1))
  return requests
}

/** A filter over the table goes on to its new end. */
function followFilter({ filter, sheetId }: FoundTab, owned: Rectangle, table: Rectangle): readonly SheetRequest[] {
  const range = filter?.range
  if (!filter || !range || (range.startRowIndex ?? 0) !== owned.row || range.endRowIndex !== owned.endRow || owned.endRow === table.endRow)
    return []
  const column = range.startColumnIndex ?? 0
  if (column < owned.column || column >= owned.endColumn || table.endRow - table.row < 2) return []
  return [{ setBasicFilter: { filter: { ...filter, range: { ...range, sheetId, endRowIndex: table.endRow } } } }]
}

/** As `updateCells` spells them, a cell takes about this much around its value. */
const bytesAroundCell = 40

export function estimateBytes({ bytes, rows, columns }: SheetContent): number {
  return bytes + (rows + 1) * columns.length * bytesAroundCell
}

async function writeInline(request: TabRequest, sheetId: number, whole: Rectangle): Promise<readonly SheetRequest[]> {
  const { content } = request
  const rows: ReturnType<typeof rowData>[] = []
  if (headerHeight(request) === 1)
    rows.push(
      rowData(
        [],
        content.columns.map(({ title }) => title),
      ),
    )
  for await (const piece of content.pieces()) for (const row of cellsOf(piece)) rows.push(rowData(content.columns, row))
  const { start } = request.export.destination
  if (whole.endRow === whole.row || whole.endColumn === whole.column) return [] // neither header nor rows, then and now
  if (whole.row === start.row && whole.column === start.column) return [writeRectangle(sheetId, whole, rows)]
  return [emptyRectangle(sheetId, whole), writeRectangle(sheetId, tableOf(request, heightOf(request)), rows)]
}

/** Formulas do not survive a paste of values: theirs are written by the commit itself. */
async function writeFormulas(request: TabRequest, sheetId: number): Promise<readonly SheetRequest[]> {
  const { content } = request
  const table = tableOf(request, heightOf(request))
  const requests: SheetRequest[] = []
  for (const [k, column] of content.columns.entries()) {
    if (!column.formula) continue
    const rows: ReturnType<typeof rowData>[] = []
    for await (const piece of content.pieces()) for (const row of cellsOf(piece)) rows.push(rowData([column], [row[k] ?? null]))
    const at = { row: table.row + headerHeight(request), column: table.column + k, endRow: table.endRow, endColumn: table.column + k + 1 }
    requests.push(writeRectangle(sheetId, at, rows))
  }
  if (requests.length > 0 && bytesOf(requests) > mostFormulaBytes) throw tooManyFormulas()
  return requests
}

const mostFormulaBytes = 8 * 1024 * 1024

export function tooManyFormulas(): SqlflowError {
  return new SqlflowError('sheet-limit', 'The formulas of this export are more than one call can carry.', {
    exitCode: 1,
    hint: 'Compute these columns in the query, or let one ARRAYFORMULA beside the table do it.',
  })
}

/** The table with its header, as rows of values. */
export function stageContent(request: TabRequest): Omit<Staging, 'paste'> {
  const { content } = request
  const titles = content.columns.map(({ title }) => title)
  return {
    rows: heightOf(request),
    columns: content.columns.length,
    bytes: content.bytes,
    calls: Math.max(1, content.pieceCount),
    async *pieces() {
      let header: Piece | undefined =
        headerHeight(request) === 1 ? { rows: 1, json: Buffer.from(JSON.stringify(titles), 'utf8') } : undefined
      for await (const piece of content.pieces()) {
        yield header ? joinPieces(header, piece) : piece
        header = undefined
      }
      if (header) yield header
    },
  }
}
