/** Calls that read and write values alone. */
import { parseCells, parseRange, writeRange, type Area } from './a1-notation.ts'
import { invalid } from './api-error.ts'
import type { Call, CallAnswer } from './call.ts'
import { listIn, objectIn, objectsIn, textIn, textsIn, type JsonObject } from './json.ts'
import { gridRangeIn, refuseProtected } from './request-context.ts'
import { clearArea, readRange, refuseOutside, tableBelow, writeValues, type Reading, type Written } from './values.ts'
import { draftOf, type Workbook } from './workbook.ts'

function readingOf(query: URLSearchParams): Reading {
  const rendering = query.get('valueRenderOption')
  return {
    rendering: rendering === 'UNFORMATTED_VALUE' || rendering === 'FORMULA' ? rendering : 'FORMATTED_VALUE',
    majorDimension: query.get('majorDimension') === 'COLUMNS' ? 'COLUMNS' : 'ROWS',
    dates: query.get('dateTimeRenderOption') === 'FORMATTED_STRING' ? 'FORMATTED_STRING' : 'SERIAL_NUMBER',
  }
}

export function getValues({ workbook, rest, query }: Call): CallAnswer {
  return { body: readRange(workbook(), rest, readingOf(query)) }
}

export function batchGetValues({ workbook, query }: Call): CallAnswer {
  const found = workbook()
  const valueRanges = query.getAll('ranges').map((range) => readRange(found, range, readingOf(query)))
  return { body: { spreadsheetId: found.id, valueRanges } }
}

function inputOf(option: string | null | undefined): 'RAW' | 'USER_ENTERED' {
  if (option === 'RAW' || option === 'USER_ENTERED') return option
  throw invalid("'valueInputOption' is required but not specified")
}

interface Put {
  readonly area: Area
  readonly body: JsonObject
  readonly input: 'RAW' | 'USER_ENTERED'
  /** Of the list in the body, as errors spell it. */
  readonly path: string
  readonly email: string
}

function put({ area, body, input, path, email }: Put): Written {
  refuseOutside(area)
  const written = writeValues(area, {
    values: listIn(body, 'values'),
    input,
    majorDimension: textIn(body, 'majorDimension') ?? 'ROWS',
    path,
  })
  const { sheet, row, column } = area
  const block = { row, column, endRow: row + written.updatedRows, endColumn: column + written.updatedColumns }
  refuseProtected(sheet, block, { email })
  return written
}

export function updateValues({ workbook, rest, query, json, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const input = inputOf(query.get('valueInputOption'))
  const written = put({ area: parseRange(draft, rest), body: json, input, path: 'data', email: account.email })
  commit(draft)
  return { body: { spreadsheetId: draft.id, ...written } }
}

export function batchUpdateValues({ workbook, json, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const input = inputOf(textIn(json, 'valueInputOption'))
  const responses = objectsIn(json, 'data').map((body, k) => ({
    spreadsheetId: draft.id,
    ...put({ area: parseRange(draft, textIn(body, 'range') ?? ''), body, input, path: `data[${k}]`, email: account.email }),
  }))
  commit(draft)
  return { body: { spreadsheetId: draft.id, ...totals(responses), responses } }
}

function totals(responses: readonly Written[]): JsonObject {
  const sum = (of: (one: Written) => number): number => responses.reduce((total, one) => total + of(one), 0)
  return {
    totalUpdatedRows: sum((one) => one.updatedRows),
    totalUpdatedColumns: sum((one) => one.updatedColumns),
    totalUpdatedCells: sum((one) => one.updatedCells),
    totalUpdatedSheets: new Set(responses.map(({ updatedRange }) => updatedRange.split('!')[0])).size,
  }
}

export function batchUpdateByDataFilter({ workbook, json, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const input = inputOf(textIn(json, 'valueInputOption'))
  const responses = objectsIn(json, 'data').map((body, k) => {
    const area = filteredArea(draft, objectIn(body, 'dataFilter'))
    return put({ area, body, input, path: `data[${k}]`, email: account.email })
  })
  commit(draft)
  return { body: { spreadsheetId: draft.id, ...totals(responses), responses } }
}

function filteredArea(draft: Workbook, filter: JsonObject): Area {
  const range = gridRangeIn(filter, 'gridRange')
  if (!range) return parseRange(draft, textIn(filter, 'a1Range') ?? '')
  const sheet = draft.sheets.find(({ sheetId }) => sheetId === (range.sheetId ?? 0))
  if (!sheet) throw invalid(`No grid with id: ${range.sheetId ?? 0}`)
  return {
    sheet,
    row: range.startRowIndex ?? 0,
    column: range.startColumnIndex ?? 0,
    endRow: range.endRowIndex ?? sheet.rowCount,
    endColumn: range.endColumnIndex ?? sheet.columnCount,
  }
}

function clear(draft: Workbook, range: string, email: string): string {
  const area = parseRange(draft, range)
  refuseOutside(area)
  refuseProtected(area.sheet, area, { email })
  return clearArea(area)
}

export function clearValues({ workbook, rest, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const clearedRange = clear(draft, rest, account.email)
  commit(draft)
  return { body: { spreadsheetId: draft.id, clearedRange } }
}

export function batchClearValues({ workbook, json, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const clearedRanges = textsIn(json, 'ranges').map((range) => clear(draft, range, account.email))
  commit(draft)
  return { body: { spreadsheetId: draft.id, clearedRanges } }
}

export function appendValues({ workbook, rest, query, json, account, commit }: Call): CallAnswer {
  const draft = draftOf(workbook())
  const area = parseRange(draft, parseCells(rest) ? `'${draft.sheets[0]!.title.replaceAll("'", "''")}'!${rest}` : rest)
  const table = tableBelow(area)
  const { sheet } = area
  const added = listIn(json, 'values').length
  if (query.get('insertDataOption') === 'INSERT_ROWS') sheet.rowCount += added
  else sheet.rowCount = Math.max(sheet.rowCount, table.endRow + added)
  const below = { sheet, row: table.endRow, column: table.column, endRow: Infinity, endColumn: Infinity }
  const input = inputOf(query.get('valueInputOption'))
  const updates = put({ area: below, body: json, input, path: 'data', email: account.email })
  commit(draft)
  const tableRange = table.endRow > table.row && { tableRange: writeRange(table) }
  return { body: { spreadsheetId: draft.id, ...tableRange, updates: { spreadsheetId: draft.id, ...updates } } }
}
