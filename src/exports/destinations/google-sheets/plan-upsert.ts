/**
 * `upsert`: rows are found by their key and only cells that differ are written, so that what people sort, add and note beside them stays. Just
 * before the commit the keys are read again: rows that moved meanwhile make it plan anew.
 */
import { a1Columns, a1Range, type Rectangle } from './a1.ts'
import { filledRows, isHeaderAlone, refuseOccupied } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetValues } from './google-api.ts'
import { nextState } from './next-state.ts'
import { neededGrid, planReplace } from './plan-replace.ts'
import { bytesOf, growGrid } from './requests.ts'
import { readTable, refuseKeyTypes, type SheetTable } from './sheet-table.ts'
import { stampRequests } from './stamp.ts'
import { unchangedPlan, type PlanContext, type TabPlan } from './tab-plan.ts'
import type { TabRequest } from './tab-request.ts'
import { commitRequests, readPrints } from './tab-state.ts'
import { findChanges, type Changes } from './upsert-changes.ts'
import { newFormats, placeColumns } from './upsert-columns.ts'
import { rewrite } from './upsert-rewrite.ts'
import { keyColumns, readRows, type QueryRows } from './upsert-rows.ts'

/** More than this in one batch is sent as a whole table instead. */
const mostRequests = 20_000

export async function planUpsert(request: TabRequest, tab: FoundTab, context: PlanContext): Promise<TabPlan> {
  const state = tab.found?.state
  const { start } = request.export.destination
  if (state?.digest === request.content.digest && !request.force) {
    return unchangedPlan(request, tab)
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
  const deleted = changes.deletions.length > 0 ? changes.removed.length : 0
  const rowsAfter = Math.max(rowsNeeded, table.endRow + changes.added.length) - deleted
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
    growth: rowsAfter * columns - tab.rows * tab.columns,
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
