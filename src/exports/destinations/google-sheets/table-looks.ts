/** How a table looks, as far as it is decided here: formats of new columns, the header of a new tab, a filter that follows. */
import type { Rectangle } from './a1.ts'
import type { FoundTab } from './find-tab.ts'
import type { SheetRequest } from './google-api.ts'
import { boldRow, formatColumns, freezeRows } from './requests.ts'
import { headerHeight, tableOf, type TabRequest } from './tab-request.ts'
import { readPrints } from './tab-state.ts'

/** The export names another `start` than the last time. */
export function isMoved({ export: one }: Pick<TabRequest, 'export'>, { found }: Pick<FoundTab, 'found'>): boolean {
  const { row, column } = one.destination.start
  return found !== undefined && (found.state.row !== row || found.state.column !== column)
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
export function followFilter({ filter, sheetId }: FoundTab, owned: Rectangle, table: Rectangle): readonly SheetRequest[] {
  const range = filter?.range
  if (!filter || !range || (range.startRowIndex ?? 0) !== owned.row || range.endRowIndex !== owned.endRow || owned.endRow === table.endRow)
    return []
  const column = range.startColumnIndex ?? 0
  if (column < owned.column || column >= owned.endColumn || table.endRow - table.row < 2) return []
  const { criteria: _criteria, ...kept } = filter
  const wanted = filter.filterSpecs === undefined ? filter : kept // `criteria` is the older spelling of the same
  return [{ setBasicFilter: { filter: { ...wanted, range: { ...range, sheetId, endRowIndex: table.endRow } } } }]
}
