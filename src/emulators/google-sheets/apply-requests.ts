/** The requests of a batchUpdate, one after the other on a draft. The first that is refused throws, and the draft is dropped. */
import { ApiError, invalid } from './api-error.ts'
import { breakReferences, moveReferences, renameReferences, shiftFormula } from './formulas.ts'
import {
  allMetadata,
  cellCount,
  createSheet,
  filledRows,
  forgetOwnRows,
  writableRow,
  writableRows,
  type Cell,
  type GridRange,
  type Metadata,
  type Sheet,
  type Workbook,
} from './workbook.ts'

// What the API takes is JSON of any shape until it is looked at.
type Json = Record<string, any>

export const mostCells = 10_000_000
const mostColumns = 18_278
const longestText = 50_000
const mostTabs = 200

export interface Applying {
  readonly draft: Workbook
  /** Who asks, for protected ranges. */
  readonly email: string
  readonly index: number
  readonly randomId: () => number
}

/** The reply to one request. Throws ApiError. */
export function applyRequest(request: Json, context: Applying): Json {
  const [kind, ...others] = Object.keys(request)
  if (kind === undefined || others.length > 0)
    throw invalid(`Invalid requests[${context.index}]: must have exactly one of the request kinds set.`)
  const apply = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (!apply) {
    throw invalid(`Invalid JSON payload received. Unknown name "${kind}" at 'requests[${context.index}]': Cannot find field.`)
  }
  const body: Json = request[kind] ?? {}
  const unknown = Object.keys(body).find((key) => !apply.fields.includes(key))
  if (unknown !== undefined) {
    throw invalid(
      `Invalid JSON payload received. Unknown name "${unknown}" at 'requests[${context.index}].${snake(kind)}': Cannot find field.`,
    )
  }
  return apply.run(body, { ...context, name: `requests[${context.index}].${kind}` }) ?? {}
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

interface Context extends Applying {
  readonly name: string
}

interface Kind {
  readonly fields: readonly string[]
  readonly run: (body: Json, context: Context) => Json | undefined
}

const kinds: Readonly<Record<string, Kind>> = {
  addSheet: { fields: ['properties'], run: addSheet },
  deleteSheet: { fields: ['sheetId'], run: deleteSheet },
  duplicateSheet: { fields: ['sourceSheetId', 'insertSheetIndex', 'newSheetId', 'newSheetName'], run: duplicateSheet },
  updateSheetProperties: { fields: ['properties', 'fields'], run: updateSheetProperties },
  updateSpreadsheetProperties: { fields: ['properties', 'fields'], run: updateSpreadsheetProperties },
  updateCells: { fields: ['rows', 'fields', 'start', 'range'], run: updateCells },
  appendCells: { fields: ['sheetId', 'rows', 'fields', 'tableId'], run: appendCells },
  repeatCell: { fields: ['range', 'cell', 'fields'], run: repeatCell },
  copyPaste: { fields: ['source', 'destination', 'pasteType', 'pasteOrientation'], run: copyPaste },
  appendDimension: { fields: ['sheetId', 'dimension', 'length', 'tableId'], run: appendDimension },
  insertDimension: { fields: ['range', 'inheritFromBefore'], run: insertDimension },
  deleteDimension: { fields: ['range'], run: deleteDimension },
  updateDimensionProperties: { fields: ['range', 'properties', 'fields', 'dataSourceSheetRange'], run: updateDimensionProperties },
  autoResizeDimensions: { fields: ['dimensions', 'dataSourceSheetDimensions'], run: autoResizeDimensions },
  setBasicFilter: { fields: ['filter'], run: setBasicFilter },
  clearBasicFilter: { fields: ['sheetId'], run: clearBasicFilter },
  addNamedRange: { fields: ['namedRange'], run: addNamedRange },
  updateNamedRange: { fields: ['namedRange', 'fields'], run: updateNamedRange },
  deleteNamedRange: { fields: ['namedRangeId'], run: deleteNamedRange },
  addProtectedRange: { fields: ['protectedRange'], run: addProtectedRange },
  deleteProtectedRange: { fields: ['protectedRangeId'], run: deleteProtectedRange },
  createDeveloperMetadata: { fields: ['developerMetadata'], run: createDeveloperMetadata },
  updateDeveloperMetadata: { fields: ['dataFilters', 'developerMetadata', 'fields'], run: updateDeveloperMetadata },
  deleteDeveloperMetadata: { fields: ['dataFilter'], run: deleteDeveloperMetadata },
}

function sheetOf(context: Context, sheetId: unknown): Sheet {
  const id = sheetId ?? 0
  const sheet = context.draft.sheets.find((one) => one.sheetId === id)
  if (!sheet) throw invalid(`Invalid ${context.name}: No grid with id: ${String(id)}`)
  return sheet
}

function addSheet({ properties = {} }: Json, context: Context): Json {
  const { draft } = context
  const title: string = properties['title'] ?? nextTitle(draft)
  const sheetId: number = properties['sheetId'] ?? context.randomId()
  refuseTitle(context, title)
  if (draft.sheets.some((one) => one.sheetId === sheetId)) {
    throw invalid(`Invalid ${context.name}: A sheet with the id ${sheetId} already exists. Please enter another id.`)
  }
  if (draft.sheets.length >= mostTabs)
    throw invalid(`Invalid ${context.name}: This action would increase the number of sheets above the limit of ${mostTabs}.`)
  const grid = properties['gridProperties'] ?? {}
  const sheet = createSheet(sheetId, title, { rows: grid['rowCount'] ?? 1000, columns: grid['columnCount'] ?? 26 })
  sheet.hidden = properties['hidden'] ?? false
  sheet.frozenRowCount = grid['frozenRowCount'] ?? 0
  sheet.frozenColumnCount = grid['frozenColumnCount'] ?? 0
  const index = properties['index'] ?? draft.sheets.length
  draft.sheets.splice(index, 0, sheet)
  checkGrid(sheet, context)
  return { addSheet: { properties: propertiesOf(draft, sheet) } }
}

function nextTitle({ sheets }: Workbook): string {
  for (let k = sheets.length + 1; ; k++) if (!sheets.some(({ title }) => title === `Sheet${k}`)) return `Sheet${k}`
}

function refuseTitle(context: Context, title: string, self?: Sheet): void {
  if (title === '' || title.length > 100) throw invalid(`Invalid ${context.name}: Invalid sheet name: ${title}`)
  if (context.draft.sheets.some((one) => one !== self && one.title.toLowerCase() === title.toLowerCase())) {
    throw invalid(`Invalid ${context.name}: A sheet with the name "${title}" already exists. Please enter another name.`)
  }
}

/** What the grid may be: the limits of the API, in its words. */
function checkGrid(sheet: Sheet, context: Context): void {
  if (sheet.rowCount < 1 || sheet.columnCount < 1) throw invalid(`Invalid ${context.name}: Grid must have at least one row and one column.`)
  if (sheet.columnCount > mostColumns) {
    throw invalid(
      `Invalid ${context.name}: This action would increase the number of columns in the sheet above the limit of ${mostColumns}.`,
    )
  }
  if (sheet.frozenRowCount > 0 && sheet.frozenRowCount >= sheet.rowCount)
    throw invalid(`Invalid ${context.name}: You can't freeze all visible rows on the sheet.`)
  if (sheet.frozenColumnCount > 0 && sheet.frozenColumnCount >= sheet.columnCount) {
    throw invalid(`Invalid ${context.name}: You can't freeze all visible columns on the sheet.`)
  }
  if (cellCount(context.draft) > mostCells) {
    throw invalid(
      `Invalid ${context.name}: This action would increase the number of cells in the workbook above the limit of ${mostCells} cells.`,
    )
  }
}

function deleteSheet({ sheetId }: Json, context: Context): undefined {
  const { draft } = context
  const sheet = draft.sheets.find((one) => one.sheetId === (sheetId ?? 0))
  if (!sheet) throw invalid(`Invalid ${context.name}: No sheet with id: ${sheetId ?? 0}`)
  if (draft.sheets.length === 1) throw invalid(`Invalid ${context.name}: You can't remove all the sheets in a document.`)
  draft.sheets = draft.sheets.filter((one) => one !== sheet)
  refuseAllHidden(context)
  breakReferences(draft, sheet)
  draft.namedRanges = draft.namedRanges.filter(({ range }) => (range.sheetId ?? 0) !== sheet.sheetId)
  return undefined
}

function refuseAllHidden({ draft, name }: Context): void {
  if (draft.sheets.every(({ hidden }) => hidden)) throw invalid(`Invalid ${name}: You can't hide all the sheets in a document.`)
}

function duplicateSheet({ sourceSheetId, insertSheetIndex, newSheetId, newSheetName }: Json, context: Context): Json {
  const { draft } = context
  const source = sheetOf(context, sourceSheetId)
  const title: string = newSheetName ?? `Copy of ${source.title}`
  refuseTitle(context, title)
  const sheetId: number = newSheetId ?? context.randomId()
  if (draft.sheets.some((one) => one.sheetId === sheetId))
    throw invalid(`Invalid ${context.name}: A sheet with the id ${sheetId} already exists.`)
  const copy: Sheet = {
    ...source,
    sheetId,
    title,
    metadata: source.metadata.map((one) => ({ ...one, metadataId: context.randomId() })),
    filter: source.filter && { ...source.filter, range: { ...source.filter.range, sheetId } },
    protectedRanges: [],
    own: undefined,
  }
  draft.sheets.splice(insertSheetIndex ?? draft.sheets.length, 0, copy)
  checkGrid(copy, context)
  return { duplicateSheet: { properties: propertiesOf(draft, copy) } }
}

/** `title,gridProperties.rowCount`, `gridProperties/rowCount`, `gridProperties(rowCount,frozenRowCount)` or `*`. */
function maskOf(fields: unknown, context: Context, all: readonly string[]): readonly string[] {
  if (typeof fields !== 'string' || fields.trim() === '')
    throw invalid(`Invalid ${context.name}: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)`)
  if (fields === '*') return all
  const flat = fields.replaceAll(/(\w+)\(([^()]*)\)/g, (_, parent: string, inner: string) =>
    inner
      .split(',')
      .map((one) => `${parent}.${one.trim()}`)
      .join(','),
  )
  return flat.split(',').map((one) => one.trim().replaceAll('/', '.'))
}

const sheetFields = [
  'title',
  'index',
  'hidden',
  'gridProperties.rowCount',
  'gridProperties.columnCount',
  'gridProperties.frozenRowCount',
  'gridProperties.frozenColumnCount',
]

function updateSheetProperties({ properties = {}, fields }: Json, context: Context): undefined {
  const { draft } = context
  const sheet = sheetOf(context, properties['sheetId'])
  const grid = properties['gridProperties'] ?? {}
  const mask = maskOf(fields, context, sheetFields).flatMap((one) =>
    one === 'gridProperties' ? sheetFields.filter((name) => name.startsWith('grid')) : [one],
  )
  for (const field of mask) {
    switch (field) {
      case 'title':
        refuseTitle(context, properties['title'] ?? '', sheet)
        renameReferences(draft, sheet, properties['title'])
        sheet.title = properties['title']
        break
      case 'hidden':
        sheet.hidden = properties['hidden'] ?? false
        refuseAllHidden(context)
        break
      case 'index': {
        const rest = draft.sheets.filter((one) => one !== sheet)
        const from = draft.sheets.indexOf(sheet)
        const to: number = properties['index'] ?? 0
        rest.splice(to > from ? to - 1 : to, 0, sheet) // counted before it moves
        draft.sheets = rest
        break
      }
      case 'gridProperties.rowCount':
        resize(sheet, 'ROWS', grid['rowCount'] ?? 0, context)
        break
      case 'gridProperties.columnCount':
        resize(sheet, 'COLUMNS', grid['columnCount'] ?? 0, context)
        break
      case 'gridProperties.frozenRowCount':
        sheet.frozenRowCount = grid['frozenRowCount'] ?? 0
        break
      case 'gridProperties.frozenColumnCount':
        sheet.frozenColumnCount = grid['frozenColumnCount'] ?? 0
        break
      case 'sheetId':
        throw invalid(`Invalid ${context.name}: Cannot update the sheet id.`)
      default: // colours and such: kept by the real service, of no account here
    }
  }
  checkGrid(sheet, context)
  return undefined
}

function resize(sheet: Sheet, dimension: 'ROWS' | 'COLUMNS', count: number, context: Context): void {
  const now = dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount
  if (count < now) remove(sheet, { dimension, from: count, to: now }, context)
  else if (dimension === 'ROWS') sheet.rowCount = count
  else sheet.columnCount = count
}

function updateSpreadsheetProperties({ properties = {}, fields }: Json, context: Context): undefined {
  const { draft } = context
  for (const field of maskOf(fields, context, ['title', 'locale', 'timeZone'])) {
    if (field === 'title') draft.title = properties['title'] ?? ''
    if (field === 'locale') draft.locale = properties['locale'] ?? 'en_US'
    if (field === 'timeZone') draft.timeZone = properties['timeZone'] ?? 'Etc/GMT'
  }
  return undefined
}

interface Area {
  readonly row: number
  readonly column: number
  readonly endRow: number
  readonly endColumn: number
}

/** A range within its grid; open ends reach its borders. */
function areaOf(sheet: Sheet, range: GridRange, context: Context): Area {
  const area = {
    row: range.startRowIndex ?? 0,
    column: range.startColumnIndex ?? 0,
    endRow: range.endRowIndex ?? sheet.rowCount,
    endColumn: range.endColumnIndex ?? sheet.columnCount,
  }
  if (area.endRow <= area.row || area.endColumn <= area.column) {
    throw invalid(`Invalid ${context.name}: range must not be empty, got ${JSON.stringify(range)}`)
  }
  if (area.endRow > sheet.rowCount || area.endColumn > sheet.columnCount) {
    throw invalid(
      `Invalid ${context.name}: Range (${sheet.title}!${area.endRow > sheet.rowCount ? `row ${area.endRow}` : `column ${area.endColumn}`}) exceeds grid limits. Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`,
    )
  }
  return area
}

function refuseProtected(sheet: Sheet, area: Area, { email }: Context): void {
  const hit = sheet.protectedRanges.some(({ range, warningOnly, editors }) => {
    if (warningOnly === true || (editors?.users ?? []).includes(email)) return false
    const other = {
      row: range.startRowIndex ?? 0,
      column: range.startColumnIndex ?? 0,
      endRow: range.endRowIndex ?? Infinity,
      endColumn: range.endColumnIndex ?? Infinity,
    }
    return other.row < area.endRow && area.row < other.endRow && other.column < area.endColumn && area.column < other.endColumn
  })
  if (hit) {
    throw new ApiError(
      400,
      'INVALID_ARGUMENT',
      'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
    )
  }
}

function updateCells({ rows = [], fields, start, range }: Json, context: Context): undefined {
  const sheet = sheetOf(context, range?.['sheetId'] ?? start?.['sheetId'])
  const mask = maskOf(fields, context, ['*'])
  const width = rows.reduce((most: number, row: Json) => Math.max(most, row['values']?.length ?? 0), 0)
  const first = { row: start?.['rowIndex'] ?? 0, column: start?.['columnIndex'] ?? 0 }
  const asked: GridRange = range ?? {
    startRowIndex: first.row,
    endRowIndex: first.row + Math.max(rows.length, 1),
    startColumnIndex: first.column,
    endColumnIndex: first.column + Math.max(width, 1),
  }
  const area = areaOf(sheet, asked, context)
  refuseProtected(sheet, area, context)
  if (range && (rows.length > area.endRow - area.row || width > area.endColumn - area.column)) {
    const [row, column] = [area.row + rows.length - 1, area.column + width - 1]
    throw invalid(
      `Invalid ${context.name}: Attempting to write ${column >= area.endColumn ? `column: ${column}, beyond the last requested column of: ${area.endColumn - 1}` : `row: ${row}, beyond the last requested row of: ${area.endRow - 1}`}`,
    )
  }
  for (let row = area.row; row < area.endRow; row++) {
    const values: readonly Json[] = rows[row - area.row]?.['values'] ?? []
    if (!range && rows[row - area.row] === undefined) continue
    if (values.length === 0 && sheet.rows[row] === undefined) continue
    const own = writableRow(sheet, row)
    const endColumn = range ? area.endColumn : area.column + values.length
    for (let column = area.column; column < endColumn; column++) {
      own[column] = written(sheet, own[column], values[column - area.column] ?? {}, mask, context)
    }
  }
  return undefined
}

/** A cell with the masked fields of `data`; those that it lacks are emptied. */
function written(sheet: Sheet, cell: Cell | undefined, data: Json, mask: readonly string[], context: Context): Cell | undefined {
  const next: Record<string, unknown> = { ...cell }
  const every = mask.includes('*')
  if (every || mask.some((one) => one === 'userEnteredValue' || one.startsWith('userEnteredValue.'))) {
    delete next['value']
    delete next['formula']
    Object.assign(next, enteredValue(sheet, data['userEnteredValue'] ?? {}, context))
  }
  if (every || mask.includes('userEnteredFormat')) {
    if (data['userEnteredFormat'] === undefined) delete next['format']
    else next['format'] = data['userEnteredFormat']
  }
  for (const field of mask.filter((one) => one.startsWith('userEnteredFormat.'))) {
    next['format'] = setPath({ ...(next['format'] as Json | undefined) }, field.split('.').slice(1), getPath(data, field.split('.')))
    if (Object.keys(next['format'] as Json).length === 0) delete next['format']
  }
  if (every || mask.includes('note')) {
    if (data['note'] === undefined || data['note'] === '') delete next['note']
    else next['note'] = data['note']
  }
  if (every || mask.includes('dataValidation')) {
    if (data['dataValidation'] === undefined) delete next['validation']
    else next['validation'] = data['dataValidation']
  }
  return Object.keys(next).length === 0 ? undefined : (next as Cell)
}

function getPath(from: Json, path: readonly string[]): unknown {
  return path.reduce<any>((value, key) => value?.[key], from)
}

function setPath(into: Json, [key, ...rest]: readonly string[], value: unknown): Json {
  if (key === undefined) return into
  const next = rest.length === 0 ? value : setPath({ ...into[key] }, rest, value)
  if (next === undefined || (typeof next === 'object' && next !== null && rest.length > 0 && Object.keys(next).length === 0))
    delete into[key]
  else into[key] = next
  return into
}

function enteredValue(sheet: Sheet, value: Json, context: Context): Cell {
  const { stringValue, numberValue, boolValue, formulaValue } = value
  if (typeof stringValue === 'string') {
    if (stringValue.length > longestText) throw tooLong(context)
    return { value: stringValue }
  }
  if (typeof numberValue === 'number') return { value: numberValue }
  if (typeof boolValue === 'boolean') return { value: boolValue }
  if (typeof formulaValue === 'string') {
    sheet.hasFormulas = true
    return { formula: formulaValue }
  }
  return {}
}

function tooLong({ name }: Context): ApiError {
  return invalid(`Invalid ${name}: Your input contains more than the maximum of ${longestText} characters in a single cell.`)
}

/** After the last row that holds anything, whoever wrote it; rows are added, columns are not. */
function appendCells({ sheetId, rows = [], fields }: Json, context: Context): undefined {
  const sheet = sheetOf(context, sheetId)
  const mask = maskOf(fields, context, ['*'])
  const first = filledRows(sheet)
  const width = rows.reduce((most: number, row: Json) => Math.max(most, row['values']?.length ?? 0), 0)
  if (width > sheet.columnCount) {
    throw invalid(
      `Invalid ${context.name}: Attempting to write column: ${sheet.columnCount}, beyond the last requested column of: ${sheet.columnCount - 1}`,
    )
  }
  if (rows.length === 0) return undefined
  sheet.rowCount = Math.max(sheet.rowCount, first + rows.length)
  checkGrid(sheet, context)
  refuseProtected(sheet, { row: first, column: 0, endRow: first + rows.length, endColumn: Math.max(width, 1) }, context)
  rows.forEach((row: Json, k: number) => {
    const own = writableRow(sheet, first + k)
    const values: readonly Json[] = row['values'] ?? []
    values.forEach((data, column) => {
      own[column] = written(sheet, own[column], data, mask, context)
    })
  })
  return undefined
}

function repeatCell({ range = {}, cell = {}, fields }: Json, context: Context): undefined {
  const sheet = sheetOf(context, range['sheetId'])
  const mask = maskOf(fields, context, ['*'])
  const area = areaOf(sheet, range, context)
  refuseProtected(sheet, area, context)
  const format = sheet.rows
  // Formats of cells that hold nothing are not kept beyond the table, so that a million empty rows cost nothing.
  const endRow = mask.some((one) => one.startsWith('userEnteredValue'))
    ? area.endRow
    : Math.min(area.endRow, Math.max(format.length, area.row + 1))
  for (let row = area.row; row < endRow; row++) {
    const own = writableRow(sheet, row)
    for (let column = area.column; column < area.endColumn; column++) own[column] = written(sheet, own[column], cell, mask, context)
  }
  return undefined
}

function copyPaste({ source = {}, destination = {}, pasteType = 'PASTE_NORMAL' }: Json, context: Context): undefined {
  const [from, to] = [sheetOf(context, source['sheetId']), sheetOf(context, destination['sheetId'])]
  const [a, asked] = [areaOf(from, source, context), areaOf(to, destination, context)]
  const height = a.endRow - a.row
  const width = a.endColumn - a.column
  // A larger destination takes copies side by side, where they fit whole.
  const down = Math.max(1, Math.floor((asked.endRow - asked.row) / height))
  const across = Math.max(1, Math.floor((asked.endColumn - asked.column) / width))
  const area = { ...asked, endRow: asked.row + height * down, endColumn: asked.column + width * across }
  if (area.endRow > to.rowCount || area.endColumn > to.columnCount) {
    throw invalid(
      `Invalid ${context.name}: The destination of the paste exceeds grid limits. Max rows: ${to.rowCount}, max columns: ${to.columnCount}`,
    )
  }
  refuseProtected(to, area, context)
  const sourceRows = from === to ? from.rows.slice(a.row, a.endRow).map((row) => row?.slice()) : from.rows.slice(a.row, a.endRow)
  for (let row = area.row; row < area.endRow; row++) {
    const taken = sourceRows[(row - area.row) % height]
    if (!taken && !to.rows[row]) continue
    const own = writableRow(to, row)
    for (let column = area.column; column < area.endColumn; column++) {
      const copied = taken?.[a.column + ((column - area.column) % width)]
      own[column] = pasted(to, own[column], copied, pasteType, {
        rows: row - a.row - ((row - area.row) % height),
        columns: column - a.column - ((column - area.column) % width),
      })
    }
  }
  return undefined
}

function pasted(
  sheet: Sheet,
  cell: Cell | undefined,
  copied: Cell | undefined,
  type: string,
  by: { readonly rows: number; readonly columns: number },
): Cell | undefined {
  const entered = (): Cell => {
    if (copied?.formula === undefined) return copied?.value === undefined ? {} : { value: copied.value }
    sheet.hasFormulas = true
    return { formula: shiftFormula(copied.formula, by.rows, by.columns) }
  }
  const { value: _value, formula: _formula, ...looks } = cell ?? {}
  const clean = (next: Cell): Cell | undefined => (Object.keys(next).length === 0 ? undefined : next)
  switch (type) {
    case 'PASTE_VALUES':
      return clean({ ...looks, ...(copied?.value !== undefined && { value: copied.value }) })
    case 'PASTE_FORMULA':
      return clean({ ...looks, ...entered() })
    case 'PASTE_FORMAT': {
      const { format: _format, ...rest } = cell ?? {}
      return clean({ ...rest, ...(copied?.format && { format: copied.format }) })
    }
    default:
      return clean({
        ...entered(),
        ...(copied?.format && { format: copied.format }),
        ...(copied?.note !== undefined && { note: copied.note }),
      })
  }
}

function appendDimension({ sheetId, dimension, length = 0 }: Json, context: Context): undefined {
  const sheet = sheetOf(context, sheetId)
  if (length <= 0) throw invalid(`Invalid ${context.name}: length must be greater than zero.`)
  if (dimension === 'ROWS') sheet.rowCount += length
  else if (dimension === 'COLUMNS') sheet.columnCount += length
  else throw invalid(`Invalid ${context.name}: dimension is required.`)
  checkGrid(sheet, context)
  return undefined
}

interface Stretch {
  readonly dimension: 'ROWS' | 'COLUMNS'
  readonly from: number
  readonly to: number
}

function stretchOf(sheet: Sheet, range: Json, context: Context, least = 0): Stretch {
  const { dimension, startIndex: from = 0, endIndex } = range
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid(`Invalid ${context.name}: dimension is required.`)
  const count = dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount
  const to: number = endIndex ?? count
  if (to <= from || from > count - least)
    throw invalid(`Invalid ${context.name}: range.startIndex[${from}] must be less than the grid size (${count})`)
  return { dimension, from, to }
}

function insertDimension({ range = {} }: Json, context: Context): undefined {
  const { draft } = context
  const sheet = sheetOf(context, range['sheetId'])
  const stretch = stretchOf(sheet, range, context)
  const { dimension, from, to } = stretch
  moveReferences(draft, { sheet, ...stretch }, 'insert')
  shiftFilter(sheet, stretch, 'insert')
  const empty = to - from
  if (dimension === 'ROWS') {
    sheet.rowCount += empty
    const rows = writableRows(sheet)
    if (from < rows.length) {
      sheet.rows = [...rows.slice(0, from), ...Array.from({ length: empty }, () => undefined), ...rows.slice(from)]
      forgetOwnRows(sheet)
    }
  } else {
    sheet.columnCount += empty
    for (let row = 0; row < sheet.rows.length; row++) {
      if ((sheet.rows[row]?.length ?? 0) > from) writableRow(sheet, row).splice(from, 0, ...Array.from({ length: empty }, () => undefined))
    }
  }
  checkGrid(sheet, context)
  return undefined
}

function deleteDimension({ range = {} }: Json, context: Context): undefined {
  const sheet = sheetOf(context, range['sheetId'])
  const stretch = stretchOf(sheet, range, context, 1)
  remove(sheet, { ...stretch, to: Math.min(stretch.to, stretch.dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount) }, context)
  return undefined
}

function remove(sheet: Sheet, { dimension, from, to }: Stretch, context: Context): void {
  const { draft, name } = context
  const left = (dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount) - (to - from)
  if (left < 1) throw invalid(`Invalid ${name}: You can't delete all the ${dimension.toLowerCase()} on the sheet.`)
  if (dimension === 'ROWS' && sheet.frozenRowCount > 0 && left <= Math.min(sheet.frozenRowCount, from)) {
    throw invalid(`Invalid ${name}: Sorry, it is not possible to delete all non-frozen rows.`)
  }
  refuseProtected(
    sheet,
    dimension === 'ROWS'
      ? { row: from, endRow: to, column: 0, endColumn: Infinity }
      : { row: 0, endRow: Infinity, column: from, endColumn: to },
    context,
  )
  moveReferences(draft, { sheet, dimension, from, to }, 'delete')
  shiftFilter(sheet, { dimension, from, to }, 'delete')
  if (dimension === 'ROWS') {
    sheet.rowCount -= to - from
    writableRows(sheet).splice(from, to - from)
    forgetOwnRows(sheet)
  } else {
    sheet.columnCount -= to - from
    for (let row = 0; row < sheet.rows.length; row++)
      if ((sheet.rows[row]?.length ?? 0) > from) writableRow(sheet, row).splice(from, to - from)
  }
}

function shiftFilter(sheet: Sheet, { dimension, from, to }: Stretch, how: 'insert' | 'delete'): void {
  const { filter } = sheet
  if (!filter) return
  const keys = dimension === 'ROWS' ? (['startRowIndex', 'endRowIndex'] as const) : (['startColumnIndex', 'endColumnIndex'] as const)
  const count = to - from
  const shift = (at: number, isEnd: boolean): number => {
    if (how === 'insert') return (isEnd ? at > from : at >= from) ? at + count : at
    return at <= from ? at : at >= to ? at - count : from
  }
  const [start = 0, end] = [filter.range[keys[0]], filter.range[keys[1]]]
  const range = { ...filter.range, [keys[0]]: shift(start, false), ...(end !== undefined && { [keys[1]]: shift(end, true) }) }
  sheet.filter = { ...filter, range }
}

function updateDimensionProperties({ range = {}, properties = {} }: Json, context: Context): undefined {
  const sheet = sheetOf(context, range['sheetId'])
  const { dimension, from, to } = stretchOf(sheet, range, context)
  if (dimension === 'COLUMNS' && typeof properties['pixelSize'] === 'number') setWidths(sheet, from, to, () => properties['pixelSize'])
  return undefined
}

function autoResizeDimensions({ dimensions = {} }: Json, context: Context): undefined {
  const sheet = sheetOf(context, dimensions['sheetId'])
  const { dimension, from, to } = stretchOf(sheet, dimensions, context)
  if (dimension !== 'COLUMNS') return undefined
  setWidths(sheet, from, to, (column) => {
    const longest = sheet.rows.slice(0, 200).reduce((most, row) => Math.max(most, String(row?.[column]?.value ?? '').length), 3)
    return Math.min(400, 21 + longest * 7)
  })
  return undefined
}

function setWidths(sheet: Sheet, from: number, to: number, width: (column: number) => number): void {
  sheet.widths = new Map(sheet.widths)
  for (let column = from; column < Math.min(to, sheet.columnCount); column++) sheet.widths.set(column, width(column))
}

function setBasicFilter({ filter = {} }: Json, context: Context): undefined {
  const sheet = sheetOf(context, filter['range']?.['sheetId'])
  areaOf(sheet, filter['range'] ?? {}, context)
  sheet.filter = { ...filter, range: filter['range'] ?? {} }
  return undefined
}

function clearBasicFilter({ sheetId }: Json, context: Context): undefined {
  sheetOf(context, sheetId).filter = undefined
  return undefined
}

function addNamedRange({ namedRange = {} }: Json, context: Context): Json {
  const { draft } = context
  const { name, range = {} } = namedRange
  if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
    throw invalid(`Invalid ${context.name}: Invalid named range: ${String(name)}`)
  if (draft.namedRanges.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    throw invalid(`Invalid ${context.name}: The named range already exists.`)
  }
  areaOf(sheetOf(context, range['sheetId']), range, context)
  const added = { namedRangeId: namedRange['namedRangeId'] ?? String(context.randomId()), name, range }
  draft.namedRanges = [...draft.namedRanges, added]
  return { addNamedRange: { namedRange: added } }
}

function updateNamedRange({ namedRange = {} }: Json, context: Context): undefined {
  const { draft } = context
  const id = namedRange['namedRangeId']
  if (!draft.namedRanges.some((one) => one.namedRangeId === id))
    throw invalid(`Invalid ${context.name}: No named range with id: ${String(id)}`)
  draft.namedRanges = draft.namedRanges.map((one) => (one.namedRangeId === id ? { ...one, ...namedRange } : one))
  return undefined
}

function deleteNamedRange({ namedRangeId }: Json, context: Context): undefined {
  context.draft.namedRanges = context.draft.namedRanges.filter((one) => one.namedRangeId !== namedRangeId)
  return undefined
}

function addProtectedRange({ protectedRange = {} }: Json, context: Context): Json {
  const sheet = sheetOf(context, protectedRange['range']?.['sheetId'])
  const added = {
    ...protectedRange,
    range: protectedRange['range'] ?? {},
    protectedRangeId: protectedRange['protectedRangeId'] ?? context.randomId(),
  }
  sheet.protectedRanges = [...sheet.protectedRanges, added]
  return { addProtectedRange: { protectedRange: added } }
}

function deleteProtectedRange({ protectedRangeId }: Json, context: Context): undefined {
  const sheet = context.draft.sheets.find((one) => one.protectedRanges.some((range) => range.protectedRangeId === protectedRangeId))
  if (!sheet) throw invalid(`Invalid ${context.name}: No protected range with id: ${String(protectedRangeId)}`)
  sheet.protectedRanges = sheet.protectedRanges.filter((one) => one.protectedRangeId !== protectedRangeId)
  return undefined
}

/** An id in use refuses the whole batch. */
function createDeveloperMetadata({ developerMetadata = {} }: Json, context: Context): Json {
  const { draft } = context
  const { metadataKey, metadataValue = '', visibility, location = {}, metadataId = context.randomId() } = developerMetadata
  if (typeof metadataKey !== 'string' || metadataKey === '')
    throw invalid(`Invalid ${context.name}: developerMetadata.metadataKey is required.`)
  if (visibility !== 'DOCUMENT' && visibility !== 'PROJECT')
    throw invalid(`Invalid ${context.name}: developerMetadata.visibility is required.`)
  if (allMetadata(draft).some(({ metadata }) => metadata.metadataId === metadataId)) {
    throw invalid(`Invalid ${context.name}: Developer metadata with id ${metadataId} already exists.`)
  }
  const added: Metadata = {
    metadataId,
    metadataKey,
    metadataValue,
    visibility,
    ...(location['dimensionRange'] && { range: location['dimensionRange'] }),
  }
  const sheetId = location['sheetId'] ?? location['dimensionRange']?.['sheetId']
  if (location['spreadsheet'] === true) draft.metadata = [...draft.metadata, added]
  else {
    const sheet = sheetOf(context, sheetId)
    sheet.metadata = [...sheet.metadata, added]
    const stored = sheet.metadata.reduce((sum, one) => sum + one.metadataKey.length + one.metadataValue.length, 0)
    if (stored > 30_000) throw invalid(`Invalid ${context.name}: Exceeded the limit of developer metadata storage for the sheet.`)
  }
  return { createDeveloperMetadata: { developerMetadata: metadataAsJson(draft, added) } }
}

function updateDeveloperMetadata({ dataFilters = [], developerMetadata = {}, fields }: Json, context: Context): Json {
  const { draft } = context
  const mask = maskOf(fields, context, ['metadataKey', 'metadataValue', 'visibility'])
  const hit = new Set(dataFilters.flatMap((filter: Json) => findMetadata(draft, filter)))
  const changed = (one: Metadata): Metadata => {
    if (!hit.has(one)) return one
    return { ...one, ...Object.fromEntries(mask.map((field) => [field, developerMetadata[field] ?? ''])) }
  }
  draft.metadata = draft.metadata.map(changed)
  for (const sheet of draft.sheets) sheet.metadata = sheet.metadata.map(changed)
  const ids = new Set([...hit].map((one) => (one as Metadata).metadataId))
  const left = allMetadata(draft).filter(({ metadata }) => ids.has(metadata.metadataId))
  return { updateDeveloperMetadata: { developerMetadata: left.map(({ metadata }) => metadataAsJson(draft, metadata)) } }
}

function deleteDeveloperMetadata({ dataFilter = {} }: Json, { draft }: Context): Json {
  const hit = new Set(findMetadata(draft, dataFilter))
  const told = [...hit].map((one) => metadataAsJson(draft, one))
  draft.metadata = draft.metadata.filter((one) => !hit.has(one))
  for (const sheet of draft.sheets) sheet.metadata = sheet.metadata.filter((one) => !hit.has(one))
  return { deleteDeveloperMetadata: { deletedDeveloperMetadata: told } }
}

export function findMetadata(workbook: Workbook, { developerMetadataLookup: lookup = {}, gridRange }: Json): readonly Metadata[] {
  const { metadataId, metadataKey, metadataValue, visibility, metadataLocation } = lookup
  return allMetadata(workbook)
    .filter(({ metadata, sheet }) => {
      if (gridRange !== undefined && (sheet?.sheetId ?? -1) !== (gridRange['sheetId'] ?? 0)) return false
      if (metadataId !== undefined && metadata.metadataId !== metadataId) return false
      if (metadataKey !== undefined && metadata.metadataKey !== metadataKey) return false
      if (metadataValue !== undefined && metadata.metadataValue !== metadataValue) return false
      if (visibility !== undefined && metadata.visibility !== visibility) return false
      return metadataLocation?.['sheetId'] === undefined || sheet?.sheetId === metadataLocation['sheetId']
    })
    .map(({ metadata }) => metadata)
}

export function metadataAsJson(workbook: Workbook, { range, ...metadata }: Metadata): Json {
  const sheet = workbook.sheets.find((one) => one.metadata.some(({ metadataId }) => metadataId === metadata.metadataId))
  const location = !sheet
    ? { locationType: 'SPREADSHEET', spreadsheet: true }
    : range
      ? { locationType: (range as Json)['dimension'] === 'ROWS' ? 'ROW' : 'COLUMN', dimensionRange: range }
      : { locationType: 'SHEET', sheetId: sheet.sheetId }
  return { ...metadata, location }
}

export function propertiesOf({ sheets }: Workbook, sheet: Sheet): Json {
  return {
    sheetId: sheet.sheetId,
    title: sheet.title,
    index: sheets.indexOf(sheet),
    sheetType: 'GRID',
    ...(sheet.hidden && { hidden: true }),
    gridProperties: {
      rowCount: sheet.rowCount,
      columnCount: sheet.columnCount,
      ...(sheet.frozenRowCount > 0 && { frozenRowCount: sheet.frozenRowCount }),
      ...(sheet.frozenColumnCount > 0 && { frozenColumnCount: sheet.frozenColumnCount }),
    },
  }
}
