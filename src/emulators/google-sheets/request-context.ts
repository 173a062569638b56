/** What every request of a batch needs: its tab, its range within the grid, its field mask, and the limits of the API in its words. */
import { ApiError, invalid } from './api-error.ts'
import { maybeObjectIn, numberIn, textIn, type JsonObject } from './json.ts'
import { cellCount, type GridRange, type Sheet, type Workbook } from './workbook.ts'

const mostCells = 10_000_000
const mostColumns = 18_278

export interface Context {
  readonly draft: Workbook
  /** Who asks, for protected ranges. */
  readonly email: string
  readonly randomId: () => number
  /** Of the request, as errors say it: `requests[0].addSheet`. */
  readonly name: string
}

export function sheetOf({ draft, name }: Context, sheetId = 0): Sheet {
  const sheet = draft.sheets.find((one) => one.sheetId === sheetId)
  if (!sheet) throw invalid(`Invalid ${name}: No grid with id: ${sheetId}`)
  return sheet
}

/** What the grid may be. */
export function checkGrid(sheet: Sheet, { draft, name }: Context): void {
  if (sheet.rowCount < 1 || sheet.columnCount < 1) throw invalid(`Invalid ${name}: Grid must have at least one row and one column.`)
  if (sheet.columnCount > mostColumns) {
    throw invalid(`Invalid ${name}: This action would increase the number of columns in the sheet above the limit of ${mostColumns}.`)
  }
  if (sheet.frozenRowCount > 0 && sheet.frozenRowCount >= sheet.rowCount)
    throw invalid(`Invalid ${name}: You can't freeze all visible rows on the sheet.`)
  if (sheet.frozenColumnCount > 0 && sheet.frozenColumnCount >= sheet.columnCount)
    throw invalid(`Invalid ${name}: You can't freeze all visible columns on the sheet.`)
  if (cellCount(draft) > mostCells) {
    throw invalid(`Invalid ${name}: This action would increase the number of cells in the workbook above the limit of ${mostCells} cells.`)
  }
}

export function gridRangeIn(from: JsonObject, key: string): GridRange | undefined {
  const range = maybeObjectIn(from, key)
  return range && gridRangeOf(range)
}

function gridRangeOf(range: JsonObject): GridRange {
  const [sheetId, startRowIndex, endRowIndex, startColumnIndex, endColumnIndex] = [
    numberIn(range, 'sheetId'),
    numberIn(range, 'startRowIndex'),
    numberIn(range, 'endRowIndex'),
    numberIn(range, 'startColumnIndex'),
    numberIn(range, 'endColumnIndex'),
  ]
  return {
    ...(sheetId !== undefined && { sheetId }),
    ...(startRowIndex !== undefined && { startRowIndex }),
    ...(endRowIndex !== undefined && { endRowIndex }),
    ...(startColumnIndex !== undefined && { startColumnIndex }),
    ...(endColumnIndex !== undefined && { endColumnIndex }),
  }
}

export interface Block {
  readonly row: number
  readonly column: number
  /** Exclusive. */
  readonly endRow: number
  readonly endColumn: number
}

/** A range within its grid; open ends reach its borders. */
export function blockOf(sheet: Sheet, range: GridRange, { name }: Context): Block {
  const block = {
    row: range.startRowIndex ?? 0,
    column: range.startColumnIndex ?? 0,
    endRow: range.endRowIndex ?? sheet.rowCount,
    endColumn: range.endColumnIndex ?? sheet.columnCount,
  }
  if (block.row < 0 || block.column < 0) throw invalid(`Invalid ${name}: range must not be negative, got ${JSON.stringify(range)}`)
  if (block.endRow <= block.row || block.endColumn <= block.column)
    throw invalid(`Invalid ${name}: range must not be empty, got ${JSON.stringify(range)}`)
  if (block.endRow > sheet.rowCount || block.endColumn > sheet.columnCount) {
    const where = block.endRow > sheet.rowCount ? `row ${block.endRow}` : `column ${block.endColumn}`
    throw invalid(
      `Invalid ${name}: Range (${sheet.title}!${where}) exceeds grid limits. Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`,
    )
  }
  return block
}

export function refuseProtected(sheet: Sheet, block: Block, { email }: Pick<Context, 'email'>): void {
  const hit = sheet.protectedRanges.some(({ range, warningOnly, editors }) => {
    if (warningOnly === true || (editors?.users ?? []).includes(email)) return false
    const { startRowIndex = 0, startColumnIndex = 0, endRowIndex = Infinity, endColumnIndex = Infinity } = range
    return startRowIndex < block.endRow && block.row < endRowIndex && startColumnIndex < block.endColumn && block.column < endColumnIndex
  })
  if (!hit) return
  throw new ApiError(
    400,
    'INVALID_ARGUMENT',
    'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
  )
}

/** `title,gridProperties.rowCount`, `gridProperties/rowCount`, `gridProperties(rowCount,frozenRowCount)` or `*`; dots alone come out. */
export function maskIn(body: JsonObject, { name }: Context, all: readonly string[]): readonly string[] {
  const fields = textIn(body, 'fields')?.trim() ?? ''
  if (fields === '') throw invalid(`Invalid ${name}: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)`)
  if (fields === '*') return all
  let flat = fields
  while (flat.includes('(')) {
    const next = flat.replaceAll(/([\w./]+)\(([^()]*)\)/g, (_, parent: string, inner: string) =>
      inner
        .split(',')
        .map((one) => `${parent}.${one.trim()}`)
        .join(','),
    )
    if (next === flat) break
    flat = next
  }
  return flat.split(',').map((one) => one.trim().replaceAll('/', '.'))
}
