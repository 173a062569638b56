/** The calls that are answered: what each reads or writes, and which scopes it needs. */
import { parseRange, parseCells } from './a1-notation.ts'
import { ApiError, invalid, notFound } from './api-error.ts'
import { applyRequest, findMetadata, metadataAsJson, propertiesOf } from './apply-requests.ts'
import type { CallKind } from './quota.ts'
import type { Store } from './store.ts'
import { clearArea, readArea, readRange, refuseOutside, tableBelow, writeValues, type Reading, type Written } from './values.ts'
import { allMetadata, draftOf, type GridRange, type Workbook } from './workbook.ts'

type Json = Record<string, any>

export interface Call {
  readonly id: string | undefined
  /** What stands in the path behind the id. */
  readonly rest: string
  readonly query: URLSearchParams
  readonly json: Json
  readonly workbook: Workbook
  readonly store: Store
  readonly email: string
  readonly commit: (draft: Workbook) => void
}

interface RouteAnswer {
  readonly body: unknown
  readonly status?: number
}

export interface Route {
  /** Of the API's method. */
  readonly name: string
  readonly method: string
  readonly path: RegExp
  readonly kind: CallKind
  /** One of these. */
  readonly scopes: readonly string[]
  readonly answer: (call: Call) => RouteAnswer
}

const reading = ['spreadsheets', 'spreadsheets.readonly', 'drive', 'drive.readonly', 'drive.file']
const writing = ['spreadsheets', 'drive', 'drive.file']
const driving = ['drive', 'drive.file', 'drive.readonly', 'drive.metadata.readonly', 'drive.metadata']

const routes: readonly Route[] = [
  { name: 'CreateSpreadsheet', method: 'POST', path: /^\/v4\/spreadsheets$/, kind: 'write', scopes: writing, answer: createSpreadsheet },
  {
    name: 'BatchUpdateSpreadsheet',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+):batchUpdate$/,
    kind: 'write',
    scopes: writing,
    answer: batchUpdate,
  },
  { name: 'GetSpreadsheet', method: 'GET', path: /^\/v4\/spreadsheets\/([^/:]+)$/, kind: 'read', scopes: reading, answer: getSpreadsheet },
  {
    name: 'BatchGetValues',
    method: 'GET',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values:batchGet$/,
    kind: 'read',
    scopes: reading,
    answer: batchGetValues,
  },
  {
    name: 'BatchUpdateValues',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values:batchUpdate$/,
    kind: 'write',
    scopes: writing,
    answer: batchUpdateValues,
  },
  {
    name: 'BatchUpdateValuesByDataFilter',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values:batchUpdateByDataFilter$/,
    kind: 'write',
    scopes: writing,
    answer: batchUpdateByDataFilter,
  },
  {
    name: 'BatchClearValues',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values:batchClear$/,
    kind: 'write',
    scopes: writing,
    answer: batchClearValues,
  },
  {
    name: 'ClearValues',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values\/(.+):clear$/,
    kind: 'write',
    scopes: writing,
    answer: clearValues,
  },
  {
    name: 'AppendValues',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values\/(.+):append$/,
    kind: 'write',
    scopes: writing,
    answer: appendValues,
  },
  {
    name: 'UpdateValues',
    method: 'PUT',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values\/(.+)$/,
    kind: 'write',
    scopes: writing,
    answer: updateValues,
  },
  {
    name: 'GetValues',
    method: 'GET',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/values\/(.+)$/,
    kind: 'read',
    scopes: reading,
    answer: getValues,
  },
  {
    name: 'SearchDeveloperMetadata',
    method: 'POST',
    path: /^\/v4\/spreadsheets\/([^/:]+)\/developerMetadata:search$/,
    kind: 'read',
    scopes: reading,
    answer: searchMetadata,
  },
  { name: 'GetFile', method: 'GET', path: /^\/drive\/v3\/files\/([^/:]+)$/, kind: 'read', scopes: driving, answer: getFile },
  {
    name: 'CopyFile',
    method: 'POST',
    path: /^\/drive\/v3\/files\/([^/:]+)\/copy$/,
    kind: 'write',
    scopes: ['drive', 'drive.file'],
    answer: storageExceeded,
  },
  {
    name: 'CreateFile',
    method: 'POST',
    path: /^\/drive\/v3\/files$/,
    kind: 'write',
    scopes: ['drive', 'drive.file'],
    answer: storageExceeded,
  },
  {
    name: 'CreatePermission',
    method: 'POST',
    path: /^\/drive\/v3\/files\/([^/:]+)\/permissions$/,
    kind: 'write',
    scopes: ['drive', 'drive.file'],
    answer: createPermission,
  },
]

/** `path` as it came: names in it are still percent-encoded. */
export function findRoute(
  method: string,
  path: string,
): { readonly route: Route; readonly id: string | undefined; readonly rest: string } | undefined {
  const plain = path.replaceAll('%3A', ':')
  for (const route of routes) {
    const found = route.method === method ? route.path.exec(plain) : null
    if (found) return { route, id: found[1] && decodeURIComponent(found[1]), rest: decodeURIComponent(found[2] ?? '') }
  }
  return undefined
}

/** Service accounts own no files. */
function createSpreadsheet(): never {
  throw new ApiError(403, 'PERMISSION_DENIED', 'The caller does not have permission')
}

function storageExceeded(): never {
  throw new ApiError(403, 'PERMISSION_DENIED', "The user's Drive storage quota has been exceeded.", [
    { domain: 'usageLimits', reason: 'storageQuotaExceeded', message: "The user's Drive storage quota has been exceeded." },
  ])
}

function batchUpdate({ workbook, json, email, store, commit }: Call): RouteAnswer {
  const requests = json['requests'] ?? []
  if (!Array.isArray(requests) || requests.length === 0) throw invalid('Must specify at least one request.')
  if (requests.length > 100_000) throw invalid('Too many requests.')
  const draft = draftOf(workbook)
  const replies = requests.map((request: Json, index) => applyRequest(request, { draft, email, index, randomId: store.randomId }))
  commit(draft)
  return { body: { spreadsheetId: workbook.id, replies } }
}

function getSpreadsheet({ workbook, query }: Call): RouteAnswer {
  const areas = query.getAll('ranges').map((range) => parseRange(workbook, range))
  const withCells = query.get('includeGridData') === 'true' || /\bdata\b/.test(query.get('fields') ?? '')
  const sheets = workbook.sheets
    .filter((sheet) => areas.length === 0 || areas.some((area) => area.sheet === sheet))
    .map((sheet) => ({
      properties: propertiesOf(workbook, sheet),
      ...(sheet.metadata.length > 0 && { developerMetadata: sheet.metadata.map((one) => metadataAsJson(workbook, one)) }),
      ...(sheet.filter && { basicFilter: sheet.filter }),
      ...(sheet.protectedRanges.length > 0 && { protectedRanges: sheet.protectedRanges }),
      ...(withCells && { data: [gridData(sheet)] }),
    }))
  const { id, title, locale, timeZone, metadata, namedRanges } = workbook
  return {
    body: {
      spreadsheetId: id,
      properties: { title, locale, timeZone, autoRecalc: 'ON_CHANGE' },
      sheets,
      ...(namedRanges.length > 0 && { namedRanges }),
      ...(metadata.length > 0 && { developerMetadata: metadata.map((one) => metadataAsJson(workbook, one)) }),
    },
  }
}

function gridData(sheet: Workbook['sheets'][number]): Json {
  return {
    rowData: sheet.rows.map((row) => ({
      values: Array.from(row ?? [], (cell) => {
        const value = cell?.value
        const effective =
          value === undefined
            ? undefined
            : typeof value === 'number'
              ? { numberValue: value }
              : typeof value === 'boolean'
                ? { boolValue: value }
                : { stringValue: value }
        const entered = cell?.formula === undefined ? effective : { formulaValue: cell.formula }
        return {
          ...(entered && { userEnteredValue: entered }),
          ...(effective && { effectiveValue: effective }),
          ...(cell?.format && { userEnteredFormat: cell.format }),
          ...(cell?.note !== undefined && { note: cell.note }),
        }
      }),
    })),
  }
}

function readingOf(query: URLSearchParams): Reading {
  const rendering = query.get('valueRenderOption')
  return {
    rendering: rendering === 'UNFORMATTED_VALUE' || rendering === 'FORMULA' ? rendering : 'FORMATTED_VALUE',
    majorDimension: query.get('majorDimension') === 'COLUMNS' ? 'COLUMNS' : 'ROWS',
    dates: query.get('dateTimeRenderOption') === 'FORMATTED_STRING' ? 'FORMATTED_STRING' : 'SERIAL_NUMBER',
  }
}

function getValues({ workbook, rest, query }: Call): RouteAnswer {
  return { body: readRange(workbook, rest, readingOf(query)) }
}

function batchGetValues({ workbook, query }: Call): RouteAnswer {
  const valueRanges = query.getAll('ranges').map((range) => readRange(workbook, range, readingOf(query)))
  return { body: { spreadsheetId: workbook.id, valueRanges } }
}

function inputOf(option: unknown): 'RAW' | 'USER_ENTERED' {
  if (option === 'RAW' || option === 'USER_ENTERED') return option
  throw invalid("'valueInputOption' is required but not specified")
}

function updateValues({ workbook, rest, query, json, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const area = parseRange(draft, rest)
  refuseOutside(area)
  const written = writeValues(area, {
    values: json['values'] ?? [],
    input: inputOf(query.get('valueInputOption')),
    majorDimension: json['majorDimension'] ?? 'ROWS',
  })
  commit(draft)
  return { body: { spreadsheetId: workbook.id, ...written } }
}

function batchUpdateValues({ workbook, json, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const input = inputOf(json['valueInputOption'])
  const responses = (json['data'] ?? []).map((one: Json) => {
    const area = parseRange(draft, one['range'] ?? '')
    refuseOutside(area)
    return {
      spreadsheetId: workbook.id,
      ...writeValues(area, { values: one['values'] ?? [], input, majorDimension: one['majorDimension'] ?? 'ROWS' }),
    }
  })
  commit(draft)
  return { body: { spreadsheetId: workbook.id, ...totals(responses), responses } }
}

function totals(responses: readonly Written[]): Json {
  const sum = (of: (one: Written) => number): number => responses.reduce((total, one) => total + of(one), 0)
  return {
    totalUpdatedRows: sum((one) => one.updatedRows),
    totalUpdatedColumns: sum((one) => one.updatedColumns),
    totalUpdatedCells: sum((one) => one.updatedCells),
    totalUpdatedSheets: new Set(responses.map(({ updatedRange }) => updatedRange.split('!')[0])).size,
  }
}

function batchUpdateByDataFilter({ workbook, json, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const input = inputOf(json['valueInputOption'])
  const responses = (json['data'] ?? []).map((one: Json) => {
    const range: GridRange | undefined = one['dataFilter']?.['gridRange']
    const sheet = range && draft.sheets.find(({ sheetId }) => sheetId === (range.sheetId ?? 0))
    const area = sheet
      ? {
          sheet,
          row: range.startRowIndex ?? 0,
          column: range.startColumnIndex ?? 0,
          endRow: range.endRowIndex ?? sheet.rowCount,
          endColumn: range.endColumnIndex ?? sheet.columnCount,
        }
      : parseRange(draft, one['dataFilter']?.['a1Range'] ?? '')
    refuseOutside(area)
    return writeValues(area, { values: one['values'] ?? [], input, majorDimension: one['majorDimension'] ?? 'ROWS' })
  })
  commit(draft)
  return { body: { spreadsheetId: workbook.id, ...totals(responses), responses } }
}

function clearValues({ workbook, rest, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const clearedRange = clearArea(parseRange(draft, rest))
  commit(draft)
  return { body: { spreadsheetId: workbook.id, clearedRange } }
}

function batchClearValues({ workbook, json, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const clearedRanges = (json['ranges'] ?? []).map((range: string) => clearArea(parseRange(draft, range)))
  commit(draft)
  return { body: { spreadsheetId: workbook.id, clearedRanges } }
}

function appendValues({ workbook, rest, query, json, commit }: Call): RouteAnswer {
  const draft = draftOf(workbook)
  const area = parseRange(draft, parseCells(rest) ? `${draft.sheets[0]!.title}!${rest}` : rest)
  const table = tableBelow(area)
  const values: readonly unknown[] = json['values'] ?? []
  const { sheet } = area
  if (query.get('insertDataOption') === 'INSERT_ROWS') sheet.rowCount += values.length
  else sheet.rowCount = Math.max(sheet.rowCount, table.endRow + values.length)
  const below = { sheet, row: table.endRow, column: table.column, endRow: Infinity, endColumn: Infinity }
  const updates = writeValues(below, { values, input: inputOf(query.get('valueInputOption')), majorDimension: 'ROWS' })
  commit(draft)
  const tableRange =
    table.endRow > table.row
      ? { tableRange: readArea(table, { rendering: 'FORMULA', majorDimension: 'ROWS', dates: 'SERIAL_NUMBER' }).range }
      : {}
  return { body: { spreadsheetId: workbook.id, ...tableRange, updates: { spreadsheetId: workbook.id, ...updates } } }
}

function searchMetadata({ workbook, json }: Call): RouteAnswer {
  const filters: readonly Json[] = json['dataFilters'] ?? []
  const hit = new Set(filters.flatMap((filter) => findMetadata(workbook, filter)))
  const matched = allMetadata(workbook).flatMap(({ metadata }) =>
    hit.has(metadata) ? [{ developerMetadata: metadataAsJson(workbook, metadata), dataFilters: filters }] : [],
  )
  return { body: { matchedDeveloperMetadata: matched } }
}

function getFile({ workbook, email }: Call): RouteAnswer {
  const { id, title, modified, sharing, version } = workbook
  const canEdit = sharing.get(email) !== 'reader'
  return {
    body: {
      kind: 'drive#file',
      id,
      name: title,
      mimeType: 'application/vnd.google-apps.spreadsheet',
      modifiedTime: modified,
      version: String(version),
      capabilities: { canEdit, canShare: canEdit },
    },
  }
}

function createPermission({ workbook, json, store }: Call): RouteAnswer {
  const { emailAddress, role } = json
  if (typeof emailAddress !== 'string' || (role !== 'writer' && role !== 'reader')) throw notFound()
  store.share(workbook.id, emailAddress, role)
  return { body: { kind: 'drive#permission', id: emailAddress, type: 'user', role } }
}
