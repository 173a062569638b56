/**
 * `upsert`: rows are found by their key and only cells that differ are written, so that what people sort, add and note beside them stays. Just
 * before the commit the keys are read again: rows that moved meanwhile make it plan anew.
 */
import { SqlflowError } from '../../../core/errors.ts'
import type { SheetDestination } from '../../../core/project.ts'
import { a1Columns, a1Range, type Rectangle } from './a1.ts'
import type { CallSizes } from './call-sizes.ts'
import { createCellEdits } from './cell-edits.ts'
import { filledRows, isFilled, isHeaderAlone, refuseOccupied, sameCell } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest, SheetValues } from './google-api.ts'
import { nextState } from './next-state.ts'
import { neededGrid, planReplace, tooManyFormulas } from './plan-replace.ts'
import { appendRows, bytesOf, cellData, formatColumns, growGrid, pasteValues, writeRectangle } from './requests.ts'
import { dateSerial, wallClockOf } from './serial-time.ts'
import { cellsOf, type Cell, type SheetContent } from './sheet-content.ts'
import { keyOf, readTable, refuseKeyTypes, type KeyText, type SheetTable } from './sheet-table.ts'
import { piecesOf } from './spool.ts'
import { stampRequests } from './stamp.ts'
import type { PlanContext, Staging, TabPlan } from './tab-plan.ts'
import type { TabRequest } from './tab-request.ts'
import { commitRequests, readPrints } from './tab-state.ts'

/** More than this in one batch is sent as a whole table instead. */
const mostRequests = 20_000

export async function planUpsert(request: TabRequest, tab: FoundTab, context: PlanContext): Promise<TabPlan> {
  const state = tab.found?.state
  const { start } = request.export.destination
  if (state?.digest === request.content.digest && !request.force) {
    return {
      request,
      tab,
      change: 'none',
      before: [],
      staging: undefined,
      after: [],
      growth: 0,
      rowsBefore: state.rows,
      next: undefined,
      notes: [],
    }
  }
  const rows = await readRows(request)
  if (tab.isNew) return await planReplace(request, tab, context)
  const within = { row: start.row, column: start.column, endRow: tab.rows, endColumn: tab.columns }
  const isOutside = start.row >= tab.rows || start.column >= tab.columns
  const [values = []] = isOutside ? [] : await context.read([a1Range(tab.title, within)])
  const titles = request.content.columns.map(({ title }) => title)
  if (state === undefined) {
    if (filledRows(values) === 0 || isHeaderAlone(values, titles)) return await planReplace(request, tab, context)
    if (!request.adopt) throw refuseOccupied(tab.title, start, values)
  }
  return await planChanges(request, tab, { rows, values, context })
}

/** The rows of the query by key, in their order. */
type QueryRows = ReadonlyMap<KeyText, readonly Cell[]>

/** Throws SqlflowError `sheet-key-missing`, `sheet-key-repeated`. */
async function readRows({ content, export: one }: TabRequest): Promise<QueryRows> {
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
function keyColumns({ columns }: SheetContent, key: readonly string[]): readonly number[] {
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

interface Ground {
  readonly rows: QueryRows
  readonly values: SheetValues
  readonly context: PlanContext
}

async function planChanges(request: TabRequest, tab: FoundTab, { rows, values, context }: Ground): Promise<TabPlan> {
  const { content, export: one } = request
  const { start, key, onRemoved } = one.destination
  const { sheetId } = tab
  const state = tab.found?.state
  const prints = state ? readPrints(state.prints) : []
  const keyAt = keyColumns(content, key)
  const isKnown = (k: number): boolean => prints.includes(content.columns[k]!.print)
  const table = readTable({ tab: tab.title, columns: content.columns, key: keyAt, start, values, isKnown })
  checkKeyTypes(request, tab, { table, rows, keyAt })
  const isMissed = [...table.rowOf.keys()].some((name) => !rows.has(name))
  const layout = placeColumns(content, table, { onRemoved, isMissed })
  const meeting = { request, sheetId, rows, table, layout }
  const changes = findChanges(meeting)
  const next = nextState(request, tab, {
    height: Math.max(table.endRow - start.row, 1) + changes.added.length,
    width: layout.endColumn - start.column,
    rows: rows.size,
    ...(state === undefined && { adopted: request.now.toISOString() }),
  })
  const needed = neededGrid(request, { ...within(tab), endColumn: layout.endColumn })
  const columns = Math.max(tab.columns, needed.columns)
  const inline = [...changes.edits, ...changes.marks, ...changes.appended]
  const isSmall = inline.length === 0 || (inline.length <= mostRequests && bytesOf(inline) <= context.inlineBytes)
  const written = isSmall ? { before: inline, staging: undefined } : rewrite(meeting, changes, context.sizes)
  const rowsNeeded = Math.max(needed.rows, rowsLeft(tab, table, changes), written.staging ? table.endRow + changes.added.length : 0)
  return {
    request,
    tab,
    change: 'write',
    rowsBefore: state?.rows,
    next,
    before: [...growGrid(sheetId, tab, { rows: rowsNeeded, columns }), ...layout.header(sheetId, start.row), ...written.before],
    staging: written.staging,
    after: [
      ...newFormats(request, tab, layout),
      ...changes.deletions,
      ...stampRequests(request, sheetId),
      ...commitRequests(next, tab.found, tab.foreign),
    ],
    growth: changes.added.length * columns + (columns - tab.columns) * tab.rows,
    notes: [`${changes.added.length} added, ${changes.changed} changed, ${changes.removed.length} removed`],
    recheck: recheckKeys(tab, table, keyAt),
  }
}

/** Google deletes no row that is the last below those that are frozen: one must be there that stays. */
function rowsLeft({ frozenRows }: FoundTab, { headerRow }: SheetTable, { deletions, removed }: Changes): number {
  return deletions.length === 0 ? 0 : Math.max(frozenRows, headerRow + 1) + 1 + removed.length
}

function within({ rows, columns }: FoundTab): Rectangle {
  return { row: 0, column: 0, endRow: rows, endColumn: columns }
}

function checkKeyTypes(
  { content }: TabRequest,
  tab: FoundTab,
  { table, rows, keyAt }: { readonly table: SheetTable; readonly rows: QueryRows; readonly keyAt: readonly number[] },
): void {
  for (const k of keyAt) {
    const inSheet = [...table.rowOf.values()].map((row) => table.cell(row, table.columnOf[k]!))
    const inQuery = [...rows.values()].map((row) => row[k])
    refuseKeyTypes(tab.title, content.columns[k]!.title, inSheet, inQuery)
  }
}

/** The key columns as they were read, from the header down. */
function recheckKeys(tab: FoundTab, table: SheetTable, keyAt: readonly number[]): NonNullable<TabPlan['recheck']> {
  const columns = keyAt.map((k) => table.columnOf[k]!)
  const rows = Array.from({ length: table.endRow - table.headerRow }, (_, k) => table.headerRow + k)
  return {
    ranges: columns.map((column) => a1Columns(tab.title, { row: table.headerRow, column, endColumn: column + 1 })),
    values: columns.map((column) => rows.map((row) => [table.cell(row, column) ?? ''])),
  }
}

interface Placed {
  /** Column of the sheet of each column of the export. */
  readonly columns: readonly number[]
  /** Positions, in the export, of those that the sheet does not have yet. */
  readonly added: readonly number[]
  /** Column of the sheet that marks removed rows. */
  readonly mark: number | undefined
  readonly endColumn: number
  readonly header: (sheetId: number, row: number) => readonly SheetRequest[]
}

/** Columns that are not there yet go to the right of the header. */
function placeColumns(
  content: SheetContent,
  table: SheetTable,
  { onRemoved, isMissed }: Pick<SheetDestination, 'onRemoved'> & { readonly isMissed: boolean },
): Placed {
  let end = table.endColumn
  const titles: { readonly column: number; readonly title: string }[] = []
  const place = (text: string): number => {
    titles.push({ column: end, title: text })
    return end++
  }
  const added: number[] = []
  const columns = table.columnOf.map((column, k) => {
    if (column !== undefined) return column
    added.push(k)
    return place(content.columns[k]!.title)
  })
  const title = typeof onRemoved === 'string' ? undefined : onRemoved.mark
  const mark = title === undefined ? undefined : (findTitle(table, title) ?? (isMissed ? place(title) : undefined))
  return {
    columns,
    added,
    mark,
    endColumn: end,
    header: (sheetId, row) =>
      titles.map(({ column, title: text }) =>
        writeRectangle(sheetId, { row, column, endRow: row + 1, endColumn: column + 1 }, [{ values: [cellData(text)] }]),
      ),
  }
}

function findTitle(table: SheetTable, title: string): number | undefined {
  for (let column = 0; column < table.endColumn; column++) if (table.cell(table.headerRow, column) === title) return column
  return undefined
}

interface Meeting {
  readonly request: TabRequest
  readonly sheetId: number
  readonly rows: QueryRows
  readonly table: SheetTable
  readonly layout: Placed
}

interface Changes {
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

function findChanges({ request, sheetId, rows, table, layout }: Meeting): Changes {
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

interface Run {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** Of ascending numbers, those that follow one another. */
function runsOf(numbers: readonly number[]): readonly Run[] {
  const runs: { from: number; to: number }[] = []
  for (const one of numbers) {
    const last = runs.at(-1)
    if (last?.to === one) last.to++
    else runs.push({ from: one, to: one + 1 })
  }
  return runs
}

/** Formats of columns that are new in the sheet; the others keep what people made of them. */
function newFormats(
  { content, export: one }: TabRequest,
  { sheetId }: FoundTab,
  { columns, added, mark }: Placed,
): readonly SheetRequest[] {
  const row = one.destination.start.row + 1
  const dated =
    mark === undefined ? [] : formatColumns(sheetId, { row, column: mark }, [{ format: { type: 'DATE', pattern: 'yyyy-mm-dd' } }])
  return [
    ...added.flatMap((k) => {
      const { format } = content.columns[k]!
      return format ? formatColumns(sheetId, { row, column: columns[k]! }, [{ format }]) : []
    }),
    ...dated,
  ]
}

/** Too many cells for one call: our columns are staged whole, in the order of the sheet, and pasted over the rows that are ours. */
function rewrite(
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
