/** What a plan changes, row by row: for people who look before they push. Rows are told apart by the key, or by all that they hold. */
import { a1Range } from './a1.ts'
import { isFilled, sameCell } from './existing-cells.ts'
import type { NumberFormat } from './cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetValues } from './google-api.ts'
import { cellsOf, type Cell } from './sheet-content.ts'
import { showSerial } from './serial-time.ts'
import { keyOf } from './sheet-table.ts'
import type { ReadCells, TabPlan } from './tab-plan.ts'
import { headerHeight, type TabRequest } from './tab-request.ts'

export type RowChange = 'added' | 'changed' | 'removed'

export interface SampleRow {
  readonly change: RowChange
  /** In the order of the export's columns; of a changed row `old → new` where they differ. */
  readonly cells: readonly string[]
}

export interface TabDiff {
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly addedColumns: readonly string[]
  readonly removedColumns: readonly string[]
  readonly sample: readonly SampleRow[]
}

const mostSampled = 5

export async function diffTab({ request, tab, change }: TabPlan, read: ReadCells, masked: ReadonlySet<string>): Promise<TabDiff> {
  const { content, export: one } = request
  if (change === 'none') return { added: 0, changed: 0, removed: 0, addedColumns: [], removedColumns: [], sample: [] }
  const titles = content.columns.map(({ title }) => title)
  if (one.destination.mode === 'append') return await diffAppended(request, tab, masked)
  const old = await readOld(request, tab, read)
  const addedColumns = titles.filter((_, k) => old.columnOf[k] === undefined)
  const collected = createSample(request, masked)
  const before = new Map<string, (string | number | boolean | undefined)[][]>()
  const key = await keyFor(request, old)
  const compared = content.columns.flatMap((column, k) => (column.formula || old.columnOf[k] === undefined ? [] : [k]))
  const identify = (cells: readonly (Cell | undefined)[]): string =>
    keyOf((key ?? compared).map((k) => (cells[k] === '' ? null : (cells[k] ?? null))))
  for (const row of old.rows) {
    const cells = content.columns.map((_, k) => (old.columnOf[k] === undefined ? undefined : row[old.columnOf[k]]))
    const id = identify(cells)
    const same = before.get(id)
    if (same) same.push(cells)
    else before.set(id, [cells])
  }
  const counts = { added: 0, changed: 0, removed: 0 }
  for await (const piece of content.pieces()) {
    for (const row of cellsOf(piece)) {
      const cells = before.get(identify(row))?.shift()
      if (!cells) {
        counts.added++
        collected.add('added', row)
      } else if (addedColumns.length > 0 || compared.some((k) => !sameCell(cells[k], row[k]))) {
        counts.changed++
        collected.add('changed', row, cells)
      }
    }
  }
  for (const cells of [...before.values()].flat()) {
    counts.removed++
    collected.add('removed', cells)
  }
  return {
    ...counts,
    addedColumns,
    removedColumns: old.titles.filter((title) => title !== '' && !titles.includes(title)),
    sample: collected.rows,
  }
}

/** Positions of the columns that tell rows apart: the key, else the first column where no value stands in it twice. */
async function keyFor({ content, export: one }: TabRequest, old: OldTable): Promise<readonly number[] | undefined> {
  const named = one.destination.key.map((name) => content.columns.findIndex((column) => column.name === name))
  if (named.length > 0) return named.every((k) => old.columnOf[k] !== undefined) ? named : undefined
  const first = old.columnOf[0]
  if (first === undefined || !isUnique(old.rows.map((row) => row[first]))) return undefined
  const cells: (Cell | undefined)[] = []
  for await (const piece of content.pieces()) for (const row of cellsOf(piece)) cells.push(row[0])
  return isUnique(cells) ? [0] : undefined
}

function isUnique(cells: readonly (Cell | undefined)[]): boolean {
  return new Set(cells).size === cells.length
}

async function diffAppended(request: TabRequest, tab: FoundTab, masked: ReadonlySet<string>): Promise<TabDiff> {
  const { content } = request
  const sample = createSample(request, masked)
  for await (const piece of content.pieces()) {
    for (const row of cellsOf(piece).slice(0, mostSampled)) sample.add('added', row)
    break
  }
  const width = tab.found?.state.width ?? 0
  const addedColumns = content.columns.slice(width).map(({ title }) => title)
  return { added: content.rows, changed: 0, removed: 0, addedColumns, removedColumns: [], sample: sample.rows }
}

interface OldTable {
  /** For each column of the export, where its cells stand in `rows`. */
  readonly columnOf: readonly (number | undefined)[]
  readonly titles: readonly string[]
  readonly rows: SheetValues
}

async function readOld(request: TabRequest, tab: FoundTab, read: ReadCells): Promise<OldTable> {
  const { content } = request
  const { header, mode, start } = request.export.destination
  const state = tab.found?.state
  const none = { columnOf: content.columns.map(() => undefined), titles: [], rows: [] }
  if (tab.isNew || (!state && !request.adopt)) return none
  const own = state ?? { row: start.row, column: start.column, height: tab.rows - start.row, width: tab.columns - start.column }
  const wide = mode === 'upsert'
  const at = {
    row: own.row,
    column: own.column,
    endRow: wide ? tab.rows : Math.min(own.row + own.height, tab.rows),
    endColumn: wide ? tab.columns : Math.min(own.column + own.width, tab.columns),
  }
  if (at.endRow <= at.row || at.endColumn <= at.column) return none
  const [values = []] = await read([a1Range(tab.title, at)])
  const titles = header ? (values[0] ?? []).map(String) : []
  const columnOf = content.columns.map(({ title }, k) => {
    if (!header) return k < own.width ? k : undefined
    const found = titles.indexOf(title)
    return found === -1 ? undefined : found
  })
  const rows = values.slice(headerHeight(request)).filter((row) => row.some(isFilled))
  return { columnOf, titles: wide ? [] : titles, rows }
}

/** Dates and times as people read them. */
function showCell(cell: Cell | undefined, format: NumberFormat | undefined): string {
  const isTime = format?.type === 'DATE' || format?.type === 'DATE_TIME' || format?.type === 'TIME'
  return typeof cell === 'number' && isTime ? showSerial(cell, format.type) : String(cell ?? '')
}

function createSample(
  { content }: TabRequest,
  masked: ReadonlySet<string>,
): {
  readonly rows: readonly SampleRow[]
  readonly add: (change: RowChange, row: readonly (Cell | undefined)[], old?: readonly (Cell | undefined)[]) => void
} {
  const rows: SampleRow[] = []
  const counts: Record<RowChange, number> = { added: 0, changed: 0, removed: 0 }
  const show = (cell: Cell | undefined, k: number): string => {
    if (masked.has(content.columns[k]!.name)) return isFilled(cell ?? undefined) ? '***' : ''
    const text = showCell(cell, content.columns[k]!.format)
    return text.length > 40 ? `${text.slice(0, 39)}…` : text
  }
  return {
    rows,
    add: (change, row, old) => {
      if (counts[change]++ >= mostSampled) return
      const cells = content.columns.map((_, k) => {
        const now = show(row[k], k)
        return old && !sameCell(old[k] ?? undefined, row[k]) ? `${show(old[k], k)} → ${now}` : now
      })
      rows.push({ change, cells })
    },
  }
}
