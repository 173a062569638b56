/**
 * `append`: rows are added below what the tab holds, once for each run. The run's name is kept with the commit, so that a run that is started again,
 * and a call that is sent again, find that it is done.
 */
import { SqlflowError } from '../../../core/errors.ts'
import { a1Columns, a1Range } from './a1.ts'
import { filledRows, isFilled, isHeaderAlone, refuseOccupied } from './existing-cells.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest, SheetValues } from './google-api.ts'
import { nextState } from './next-state.ts'
import { estimateBytes, neededGrid, planReplace } from './plan-replace.ts'
import { appendRows, growGrid, pasteValues, rowData, writeRectangle } from './requests.ts'
import { cellsOf } from './sheet-content.ts'
import { stampRequests } from './stamp.ts'
import { headerRequests } from './table-looks.ts'
import { unchangedPlan, type PlanContext, type TabPlan } from './tab-plan.ts'
import { headerHeight, tableOf, type TabRequest } from './tab-request.ts'
import { commitRequests, hasAppended, readPrints, withRun } from './tab-state.ts'

export async function planAppend(request: TabRequest, tab: FoundTab, context: PlanContext): Promise<TabPlan> {
  const { content } = request
  const state = tab.found?.state
  const done = state !== undefined && hasAppended(state.runs ?? '', request.run) && !request.force
  if (done || (state && content.rows === 0)) {
    const notes = [done ? 'already appended by this run' : 'no rows to append']
    return unchangedPlan(request, tab, notes)
  }
  const isEmpty = state === undefined && (await holdsNothing(request, tab, context))
  if (isEmpty) return await planFirst(request, tab, context)
  const there = await checkColumns(request, tab, context)
  return await layOut(request, tab, there)
}

/** A new table is written like any other; what it adds to that is the run's name. */
async function planFirst(request: TabRequest, tab: FoundTab, context: PlanContext): Promise<TabPlan> {
  const plan = await planReplace(request, tab, context)
  const next = { ...plan.next!, runs: withRun('', request.run) }
  return { ...plan, next, after: [...plan.after.filter((one) => !one.createDeveloperMetadata), ...commitRequests(next, undefined)] }
}

async function holdsNothing(request: TabRequest, tab: FoundTab, { read }: PlanContext): Promise<boolean> {
  if (tab.isNew) return true
  const [values = []] = await read([a1Range(tab.title, { row: 0, column: 0, endRow: tab.rows, endColumn: tab.columns })])
  const { row, column } = request.export.destination.start
  const titles = request.content.columns.map(({ title }) => title)
  const own = values.slice(row).map((cells) => cells.slice(column))
  if (filledRows(values) === 0 || (row === 0 && column === 0 && isHeaderAlone(own, titles))) return true
  if (!request.adopt) throw refuseOccupied(tab.title, { row: 0, column: 0 }, values)
  return false
}

/**
 * The columns that are there must be those of the rows that come: further ones may follow, and a title that is nowhere any more was renamed by hand.
 * Returns all that the tab holds where the rows are too many for one call.
 */
async function checkColumns(request: TabRequest, tab: FoundTab, { read, sizes }: PlanContext): Promise<SheetValues | undefined> {
  const { content, export: one } = request
  const state = tab.found?.state
  const prints = state ? readPrints(state.prints) : []
  const same =
    state !== undefined &&
    (prints.length === 0 ? state.width === content.columns.length : prints.every((print, k) => content.columns[k]?.print === print))
  const wider = state !== undefined && content.columns.length > state.width
  const large = estimateBytes(content) > sizes.append
  if (same && !wider && !large && !one.destination.header) return undefined
  const whole = { row: 0, column: 0, endRow: tab.rows, endColumn: tab.columns }
  const [values = []] = await read([a1Range(tab.title, large ? whole : { ...whole, endRow: one.destination.start.row + 1 })])
  const header = one.destination.header ? (values[one.destination.start.row]?.slice(one.destination.start.column) ?? []) : []
  const differs = content.columns.findIndex(({ title, print }, k) => {
    const there = header[k]
    if (prints[k] === print && !header.some((one) => String(one) === title)) return false
    return isFilled(there) ? String(there) !== title : k < (state?.width ?? header.length)
  })
  if (one.destination.header && differs !== -1) {
    throw new SqlflowError(
      'sheet-columns-differ',
      `Column ${differs + 1} of the table in the tab \`${tab.title}\` is ${isFilled(header[differs]) ? `\`${String(header[differs])}\`` : 'empty'}; the rows to append have \`${content.columns[differs]!.title}\` there.`,
      { exitCode: 1, hint: 'Nothing was appended. New columns go to the end; rename the header in the sheet, or write to another tab.' },
    )
  }
  if (!one.destination.header && !same) {
    throw new SqlflowError(
      'sheet-columns-differ',
      `The rows to append to the tab \`${tab.title}\` have other columns than those that are there.`,
      {
        exitCode: 1,
        hint: 'Nothing was appended. New columns go to the end; or write to another tab.',
      },
    )
  }
  return large ? values : undefined
}

async function layOut(request: TabRequest, tab: FoundTab, there: SheetValues | undefined): Promise<TabPlan> {
  const { content } = request
  const { sheetId } = tab
  const { start } = request.export.destination
  const state = tab.found?.state
  const width = content.columns.length
  const header: readonly SheetRequest[] =
    request.export.destination.header && width > (state?.width ?? 0)
      ? [
          writeRectangle(sheetId, tableOf(request, 1), [
            rowData(
              [],
              content.columns.map(({ title }) => title),
            ),
          ]),
        ]
      : []
  const next = nextState(request, tab, {
    rows: (state?.rows ?? 0) + content.rows,
    height: (state?.height ?? headerHeight(request)) + content.rows,
    runs: withRun(state?.runs ?? '', request.run),
    ...(state === undefined && { adopted: request.now.toISOString() }),
  })
  const after = [
    ...headerRequests(request, tab, false),
    ...stampRequests(request, sheetId),
    ...commitRequests(next, tab.found, tab.foreign),
  ]
  const columns = neededGrid(request, tableOf(request, 1)).columns
  const base = { request, tab, change: 'write' as const, rowsBefore: state?.rows, next, after, notes: [] }
  const end = there ? filledRows(there) : start.row + (state?.height ?? headerHeight(request)) // people may have added rows below
  const grown = Math.max(tab.rows, end + content.rows) * Math.max(tab.columns, columns) - tab.rows * tab.columns
  if (there === undefined) {
    const rows: ReturnType<typeof rowData>[] = []
    for await (const piece of content.pieces()) for (const row of cellsOf(piece)) rows.push(rowData(content.columns, row))
    const grow = growGrid(sheetId, { rows: 0, columns: tab.columns }, { rows: 0, columns })
    return { ...base, growth: grown, staging: undefined, before: [...grow, ...header, appendRows(sheetId, start.column, rows)] }
  }
  if (content.columns.some(({ formula }) => formula)) {
    throw new SqlflowError('sheet-limit', 'Rows with formulas are appended in one call, and these are more than one call can carry.', {
      exitCode: 1,
      hint: 'Append fewer rows at a time, or compute these columns in the query.',
    })
  }
  const at = { row: end, column: start.column, endRow: end + content.rows, endColumn: start.column + width }
  const grow = growGrid(sheetId, tab, { rows: at.endRow, columns })
  return {
    ...base,
    growth: grown,
    recheck: recheckEnd(tab, there.slice(0, end)),
    before: [...grow, ...header],
    staging: {
      rows: content.rows,
      columns: width,
      bytes: content.bytes,
      calls: content.pieceCount,
      pieces: () => content.pieces(),
      paste: (stageId) => [
        pasteValues({ sheetId: stageId, at: { row: 0, column: 0, endRow: content.rows, endColumn: width } }, { sheetId, at }),
      ],
    },
  }
}

/** Rows that people added meanwhile: below the last, nothing must stand. */
function recheckEnd({ title, columns }: FoundTab, rows: SheetValues): NonNullable<TabPlan['recheck']> {
  const row = Math.max(0, rows.length - 1) // a row that is there, since a full grid has none below
  return { ranges: [a1Columns(title, { row, column: 0, endColumn: columns })], values: [rows.slice(row)] }
}
