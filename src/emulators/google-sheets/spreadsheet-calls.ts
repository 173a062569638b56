/** Calls about a spreadsheet as a whole. */
import { parseRange, type Area } from './a1-notation.ts'
import { forbidden, invalid, notFound } from './api-error.ts'
import { applyRequests } from './apply-requests.ts'
import type { Call, CallAnswer } from './call.ts'
import { listIn, objectIn, objectsIn, textIn, truthIn, type JsonObject } from './json.ts'
import { findMetadata } from './metadata-requests.ts'
import { metadataAsJson, propertiesOf, rangedAsJson } from './sheet-json.ts'
import { formatCell } from './format-cell.ts'
import { allMetadata, draftOf, type Cell, type CellValue, type Sheet, type Workbook } from './workbook.ts'

const mostRequests = 100_000

export function createSpreadsheet({ json, store, account }: Call): CallAnswer {
  if (account.isRobot) throw forbidden()
  const tabs = objectsIn(json, 'sheets').map((one, k) => textIn(objectIn(one, 'properties'), 'title') ?? `Sheet${k + 1}`)
  const made = store.create({
    title: textIn(objectIn(json, 'properties'), 'title') ?? 'Untitled spreadsheet',
    ...(tabs.length > 0 && { tabs }),
  })
  store.share(made.id, account.email, 'owner')
  return { body: spreadsheetAsJson(store.get(made.id), [], false) }
}

export function batchUpdate({ workbook, json, account, store, commit }: Call): CallAnswer {
  const found = workbook()
  const requests = listIn(json, 'requests')
  if (requests.length === 0) throw invalid('Must specify at least one request.')
  if (requests.length > mostRequests) throw invalid(`The request may hold at most ${mostRequests} requests, got ${requests.length}.`)
  const draft = draftOf(found)
  const replies = applyRequests(requests, { draft, email: account.email, randomId: () => store.randomId() })
  commit(draft)
  const updated = truthIn(json, 'includeSpreadsheetInResponse') === true && {
    updatedSpreadsheet: spreadsheetAsJson(store.get(found.id), [], truthIn(json, 'responseIncludeGridData') === true),
  }
  return { body: { spreadsheetId: found.id, replies, ...updated } }
}

export function getSpreadsheet({ workbook, query }: Call): CallAnswer {
  const found = workbook()
  const areas = query.getAll('ranges').map((range) => parseRange(found, range))
  const withCells = query.get('includeGridData') === 'true' || /\bdata\b/.test(query.get('fields') ?? '')
  return { body: spreadsheetAsJson(found, areas, withCells) }
}

/** `areas`: of these tabs alone, and cells of these alone; all when empty. */
function spreadsheetAsJson(workbook: Workbook, areas: readonly Area[], withCells: boolean): JsonObject {
  const { id, title, locale, timeZone, metadata, namedRanges } = workbook
  const sheets = workbook.sheets
    .filter((sheet) => areas.length === 0 || areas.some((area) => area.sheet === sheet))
    .map((sheet) => {
      const own = areas.filter((area) => area.sheet === sheet)
      const ofSheet = sheet.metadata.filter(({ range }) => !range)
      return {
        properties: propertiesOf(workbook, sheet),
        ...(ofSheet.length > 0 && { developerMetadata: ofSheet.map((one) => metadataAsJson(one, sheet)) }),
        ...(sheet.filter && { basicFilter: rangedAsJson(sheet.filter) }),
        ...(sheet.protectedRanges.length > 0 && { protectedRanges: sheet.protectedRanges.map(rangedAsJson) }),
        ...(withCells && { data: own.length === 0 ? [gridData(sheet)] : own.map((area) => gridData(sheet, area)) }),
      }
    })
  return {
    spreadsheetId: id,
    properties: { title, locale, timeZone, autoRecalc: 'ON_CHANGE' },
    sheets,
    ...(namedRanges.length > 0 && { namedRanges: namedRanges.map(rangedAsJson) }),
    ...(metadata.length > 0 && { developerMetadata: metadata.map((one) => metadataAsJson(one, undefined)) }),
  }
}

function gridData(sheet: Sheet, area?: Area): JsonObject {
  const { row = 0, column = 0, endRow = Infinity, endColumn = Infinity } = area ?? {}
  const rowData = Array.from(sheet.rows.slice(row, endRow), (cells) => ({
    ...(cells && { values: Array.from(cells.slice(column, endColumn), cellAsJson) }),
  }))
  const widths = Array.from({ length: Math.min(endColumn, sheet.columnCount) - column }, (_, k) => ({
    pixelSize: sheet.widths.get(column + k) ?? 100,
    ...metadataOfLine(sheet, 'COLUMNS', column + k),
  }))
  const marked = sheet.metadata.flatMap(({ range }) => (range?.dimension === 'ROWS' ? [range.endIndex] : []))
  const lines = Array.from({ length: Math.max(0, Math.min(endRow, Math.max(0, ...marked)) - row) }, (_, k) =>
    metadataOfLine(sheet, 'ROWS', row + k),
  )
  return {
    ...(row > 0 && { startRow: row }),
    ...(column > 0 && { startColumn: column }),
    rowData,
    columnMetadata: widths,
    ...(lines.length > 0 && { rowMetadata: lines }),
  }
}

function metadataOfLine(sheet: Sheet, dimension: 'ROWS' | 'COLUMNS', line: number): JsonObject {
  const own = sheet.metadata.filter(({ range }) => range?.dimension === dimension && range.startIndex === line)
  return own.length === 0 ? {} : { developerMetadata: own.map((one) => metadataAsJson(one, sheet)) }
}

function cellAsJson(cell: Cell | undefined): JsonObject {
  if (!cell) return {}
  const { value, formula, format, note, validation } = cell
  const effective = value === undefined ? undefined : extended(value)
  const entered = formula === undefined ? effective : { formulaValue: formula }
  return {
    ...(entered && { userEnteredValue: entered }),
    ...(effective && { effectiveValue: effective, formattedValue: formatCell(cell) }),
    ...(format && { userEnteredFormat: format, effectiveFormat: format }),
    ...(note !== undefined && { note }),
    ...(validation && { dataValidation: validation }),
  }
}

function extended(value: CellValue): JsonObject {
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return value === '#REF!' ? { errorValue: { type: 'REF', message: 'Reference does not exist' } } : { stringValue: value }
}

export function getMetadata({ workbook, rest }: Call): CallAnswer {
  const found = allMetadata(workbook()).find(({ metadata }) => String(metadata.metadataId) === rest)
  if (!found) throw notFound()
  return { body: metadataAsJson(found.metadata, found.sheet) }
}

export function searchMetadata({ workbook, json }: Call): CallAnswer {
  const found = workbook()
  const filters = objectsIn(json, 'dataFilters')
  const hits = filters.map((filter) => ({ filter, ids: new Set(findMetadata(found, filter).map(({ metadata }) => metadata.metadataId)) }))
  const matched = allMetadata(found).flatMap(({ metadata, sheet }) => {
    const dataFilters = hits.filter(({ ids }) => ids.has(metadata.metadataId)).map(({ filter }) => filter)
    return dataFilters.length === 0 ? [] : [{ developerMetadata: metadataAsJson(metadata, sheet), dataFilters }]
  })
  return { body: matched.length === 0 ? {} : { matchedDeveloperMetadata: matched } }
}
