/** Spreadsheets, tabs and cells as `spreadsheets.get` gives them. */
import { formatOf, isFormula, isRich, valueOf } from '../model/cell.ts'
import { computeCell, isError, type Computed } from '../model/evaluate.ts'
import { maskOf, type FieldMask } from '../model/field-mask.ts'
import { printFormula } from '../model/formula.ts'
import { boxOf, type Box } from '../model/grid-range.ts'
import { findRange } from '../model/a1.ts'
import { mayKnow, type Requester } from '../model/requester.ts'
import { showComputed } from '../model/shown.ts'
import type { Cell, DeveloperMetadata, Dimension, JsonObject, Sheet, Spreadsheet } from '../model/spreadsheet.ts'
import { metadataJson } from './metadata-json.ts'
import { gridRangeJson, namedRangeJson, protectedRangeJson } from './range-json.ts'

export function sheetPropertiesJson(sheet: Sheet, { sheets }: Pick<Spreadsheet, 'sheets'>): JsonObject {
  const { hideGridlines, rowGroupControlAfter, columnGroupControlAfter, ...extras } = sheet.extras
  return {
    sheetId: sheet.id,
    title: sheet.title,
    index: sheets.findIndex(({ id }) => id === sheet.id),
    sheetType: 'GRID',
    gridProperties: {
      rowCount: sheet.rowCount,
      columnCount: sheet.columnCount,
      ...(sheet.frozenRowCount > 0 && { frozenRowCount: sheet.frozenRowCount }),
      ...(sheet.frozenColumnCount > 0 && { frozenColumnCount: sheet.frozenColumnCount }),
      ...(hideGridlines === true && { hideGridlines }),
      ...(rowGroupControlAfter === true && { rowGroupControlAfter }),
      ...(columnGroupControlAfter === true && { columnGroupControlAfter }),
    },
    ...(sheet.hidden && { hidden: true }),
    ...extras,
  }
}

const defaultFormat: JsonObject = {
  backgroundColor: { red: 1, green: 1, blue: 1 },
  padding: { top: 2, right: 3, bottom: 2, left: 3 },
  verticalAlignment: 'BOTTOM',
  wrapStrategy: 'OVERFLOW_CELL',
  textFormat: {
    foregroundColor: {},
    fontFamily: 'arial,sans,sans-serif',
    fontSize: 10,
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    foregroundColorStyle: { rgbColor: {} },
  },
  backgroundColorStyle: { rgbColor: { red: 1, green: 1, blue: 1 } },
}

export interface GetOptions {
  readonly id: string
  readonly url: string
  readonly requester: Requester
  /** What is asked for: what is not is not made. */
  readonly mask: FieldMask
  readonly ranges: readonly string[]
  readonly includeGridData: boolean
}

export function spreadsheetJson(spreadsheet: Spreadsheet, options: GetOptions): JsonObject {
  const { title, locale, timeZone, extras, namedRanges, metadata } = spreadsheet
  const boxes = wantedBoxes(spreadsheet, options.ranges)
  const sheets = options.ranges.length === 0 ? spreadsheet.sheets : spreadsheet.sheets.filter((sheet) => boxes.has(sheet.id))
  const wanted = maskOf(options.mask, 'sheets')
  const visible = metadata.filter((one) => mayKnow(options.requester, one))
  const own = visible.filter(({ place }) => place.type === 'SPREADSHEET')
  return {
    spreadsheetId: options.id,
    properties: { title, locale, autoRecalc: 'ON_CHANGE', timeZone, defaultFormat, ...extras },
    ...(wanted !== undefined && {
      sheets: sheets.map((sheet) =>
        sheetJson(spreadsheet, sheet, { ...options, mask: wanted, boxes: boxes.get(sheet.id), metadata: visible }),
      ),
    }),
    ...(namedRanges.length > 0 && { namedRanges: namedRanges.map(namedRangeJson) }),
    spreadsheetUrl: options.url,
    ...(own.length > 0 && { developerMetadata: own.map(metadataJson) }),
  }
}

function wantedBoxes(spreadsheet: Spreadsheet, ranges: readonly string[]): ReadonlyMap<number, readonly Box[]> {
  const boxes = new Map<number, Box[]>()
  for (const text of ranges) {
    const { sheet, range } = findRange(spreadsheet, text)
    boxes.set(sheet.id, [...(boxes.get(sheet.id) ?? []), boxOf(range, sheet)])
  }
  return boxes
}

interface SheetOptions extends Pick<GetOptions, 'requester' | 'mask' | 'includeGridData'> {
  readonly boxes: readonly Box[] | undefined
  readonly metadata: readonly DeveloperMetadata[]
}

function sheetJson(
  spreadsheet: Spreadsheet,
  sheet: Sheet,
  { requester, mask, includeGridData, boxes, metadata }: SheetOptions,
): JsonObject {
  const own = metadata.filter(({ place }) => place.type === 'SHEET' && place.sheetId === sheet.id)
  const { basicFilter, merges, protectedRanges } = sheet
  const whole = { startRow: 0, endRow: sheet.rowCount, startColumn: 0, endColumn: sheet.columnCount }
  const data = maskOf(mask, 'data')
  return {
    properties: sheetPropertiesJson(sheet, spreadsheet),
    ...(includeGridData &&
      data !== undefined && { data: (boxes ?? [whole]).map((box) => gridDataJson(spreadsheet, sheet, box, metadata, data)) }),
    ...(merges.length > 0 && { merges: merges.map(gridRangeJson) }),
    ...(protectedRanges.length > 0 && { protectedRanges: protectedRanges.map((one) => protectedRangeJson(one, requester)) }),
    ...(basicFilter && { basicFilter: { ...basicFilter, range: gridRangeJson(basicFilter.range) } }),
    ...(own.length > 0 && { developerMetadata: own.map(metadataJson) }),
  }
}

function gridDataJson(
  spreadsheet: Spreadsheet,
  sheet: Sheet,
  box: Box,
  metadata: readonly DeveloperMetadata[],
  mask: FieldMask,
): JsonObject {
  const { startRow, startColumn, endRow, endColumn } = box
  const lines = (dimension: Dimension, start: number, end: number): readonly JsonObject[] =>
    Array.from({ length: Math.max(0, end - start) }, (_, at) => lineJson(sheet, dimension, start + at, metadata))
  return {
    ...(startRow > 0 && { startRow }),
    ...(startColumn > 0 && { startColumn }),
    ...(maskOf(mask, 'rowData') !== undefined && { rowData: rowDataJson(spreadsheet, sheet, box) }),
    ...(maskOf(mask, 'rowMetadata') !== undefined && { rowMetadata: lines('ROWS', startRow, endRow) }),
    ...(maskOf(mask, 'columnMetadata') !== undefined && { columnMetadata: lines('COLUMNS', startColumn, endColumn) }),
  }
}

function lineJson(sheet: Sheet, dimension: Dimension, line: number, metadata: readonly DeveloperMetadata[]): JsonObject {
  const type = dimension === 'ROWS' ? 'ROW' : 'COLUMN'
  const own = metadata.filter(({ place }) => place.type === type && place.sheetId === sheet.id && place.index === line)
  const properties = (dimension === 'ROWS' ? sheet.rowProperties : sheet.columnProperties).get(line)
  return {
    ...(properties?.hiddenByUser === true && { hiddenByUser: true }),
    pixelSize: properties?.pixelSize ?? (dimension === 'ROWS' ? 21 : 100),
    ...(own.length > 0 && { developerMetadata: own.map(metadataJson) }),
  }
}

/** Trailing rows that hold nothing are left out. */
function rowDataJson(spreadsheet: Spreadsheet, sheet: Sheet, { startRow, endRow, startColumn, endColumn }: Box): readonly JsonObject[] {
  const rows: JsonObject[] = []
  for (let row = startRow; row < Math.min(endRow, sheet.rows.length); row += 1) {
    const cells = sheet.rows[row]?.slice(startColumn, endColumn) ?? []
    rows.push(cells.length === 0 ? {} : { values: Array.from(cells, (cell) => cellJson(spreadsheet, cell)) })
  }
  while (rows.length > 0 && rows.at(-1)!['values'] === undefined) rows.pop()
  return rows
}

function cellJson(spreadsheet: Spreadsheet, cell: Cell): JsonObject {
  if (cell === undefined) return {}
  const value = valueOf(cell)
  const format = formatOf(cell)
  const computed = computeCell(spreadsheet, cell)
  return {
    ...(value !== undefined && {
      userEnteredValue: isFormula(value) ? { formulaValue: printFormula(value, spreadsheet) } : extendedValue(value),
      ...(computed !== undefined && { effectiveValue: extendedValue(computed), formattedValue: showComputed(computed, cell) }),
    }),
    ...(format && { userEnteredFormat: format }),
    ...((format !== undefined || value !== undefined) && { effectiveFormat: effectiveFormat(format) }),
    ...(isRich(cell) && cell.note !== undefined && { note: cell.note }),
    ...(isRich(cell) && cell.extras),
  }
}

function effectiveFormat(format: JsonObject | undefined): JsonObject {
  const text = format?.['textFormat']
  return {
    ...defaultFormat,
    ...format,
    textFormat: { ...(defaultFormat['textFormat'] as JsonObject), ...(text as JsonObject | undefined) },
  }
}

function extendedValue(value: Computed): JsonObject {
  if (isError(value)) return { errorValue: value }
  if (typeof value === 'number') return { numberValue: value }
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }
}
