/**
 * `replace`: the table becomes what was read. Its rectangle alone is written: what it was the last time and what it will be. The grid grows and
 * never shrinks, so that no formula elsewhere loses what it points to.
 */
import { SqlflowError } from '../../../core/errors.ts'
import { a1Columns, type Rectangle } from './a1.ts'
import { filledRows, isHeaderAlone, refuseOccupied } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest, SheetValues } from './google-api.ts'
import { lookBeside } from './look-beside.ts'
import { nextState } from './next-state.ts'
import { bytesOf, emptyRectangle, fitColumns, growGrid, pasteValues, rowData, writeRectangle } from './requests.ts'
import { cellsOf, type SheetContent } from './sheet-content.ts'
import { joinPieces, type Piece } from './spool.ts'
import { stampRequests } from './stamp.ts'
import { followFilter, headerRequests, isMoved } from './table-looks.ts'
import { unchangedPlan, type PlanContext, type ReadCells, type Staging, type TabPlan } from './tab-plan.ts'
import { headerHeight, heightOf, tableOf, type TabRequest } from './tab-request.ts'
import { commitRequests } from './tab-state.ts'

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
    return unchangedPlan(request, tab)
  }
  refuseOverlap(request, tab)
  const owned = await findOwned(request, tab, context.read)
  const inserted = state === undefined || moved ? [] : await lookBeside(request, tab, context.read)
  return { ...base, ...(await layOut(request, tab, { owned, inserted, inlineBytes: context.inlineBytes })) }
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
function refuseOverlap(request: TabRequest, tab: FoundTab): void {
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
  if (isSmall) {
    const fit = tab.isNew ? [fitColumns(sheetId, table.column, table.endColumn)] : []
    return { ...base, before: [...grow, ...(await writeInline(request, sheetId, whole))], staging: undefined, after: [...after, ...fit] }
  }
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

function addTab(
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
function stageContent(request: TabRequest): Omit<Staging, 'paste'> {
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
