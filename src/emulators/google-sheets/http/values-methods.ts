/** Methods of the Sheets API about values. Each is atomic, also those that write many ranges. */
import { findRange, printA1, type FoundRange } from '../model/a1.ts'
import { findSheet, finishDraft, openDraft, type Draft } from '../model/draft.ts'
import { selectFields } from '../model/field-mask.ts'
import { invalidArgument } from '../model/google-error.ts'
import { boxOf } from '../model/grid-range.ts'
import type { JsonObject, Sheet, Spreadsheet } from '../model/spreadsheet.ts'
import { readBody } from '../json/proto-json.ts'
import { cleanRange } from '../requests/boxes.ts'
import { filterMetadata } from '../requests/find-metadata.ts'
import { checkSize } from '../requests/grow.ts'
import type { DataFilterInput } from '../requests/schema.ts'
import { appendValues } from '../values/append-values.ts'
import { readableBox, readValues, type ReadOptions } from '../values/read-values.ts'
import {
  batchClearBody,
  batchClearByDataFilterBody,
  batchGetByDataFilterBody,
  batchUpdateByDataFilterBody,
  batchUpdateValuesBody,
  readRows,
  renderQuery,
  requireInputOption,
  valueRangeBody,
  type RenderQuery,
} from '../values/value-range.ts'
import { clearValues, writeValues, writtenJson, type Written } from '../values/write-values.ts'
import { readJson, type ApiReply } from './exchange.ts'
import { responseMask } from './response-mask.ts'
import { committed, openFile, type OpenFile, type SheetsCall } from './sheets-call.ts'

function readQuery({ request: { query } }: SheetsCall): RenderQuery {
  return readBody(renderQuery, Object.fromEntries(query))
}

function answer({ request: { query } }: SheetsCall, body: unknown): ApiReply {
  return { status: 200, body: selectFields(body, responseMask(query)) }
}

export function getValues(call: SheetsCall): ApiReply {
  const { spreadsheet } = openFile(call)
  return answer(call, readFound(spreadsheet, findRange(spreadsheet, call.params[1] ?? ''), readQuery(call)))
}

function readFound(spreadsheet: Spreadsheet, { sheet, range }: FoundRange, options: ReadOptions): JsonObject {
  return readValues(spreadsheet, sheet, readableBox(sheet, range), options)
}

export function batchGetValues(call: SheetsCall): ApiReply {
  const { file, spreadsheet } = openFile(call)
  const options = readQuery(call)
  const valueRanges = call.request.query.getAll('ranges').map((text) => readFound(spreadsheet, findRange(spreadsheet, text), options))
  return answer(call, { spreadsheetId: file.id, ...(valueRanges.length > 0 && { valueRanges }) })
}

export function batchGetByDataFilter(call: SheetsCall): ApiReply {
  const { file, spreadsheet, requester } = openFile(call)
  const { dataFilters, ...options } = readBody(batchGetByDataFilterBody, readJson(call.request))
  const valueRanges = (dataFilters ?? []).flatMap((filter) =>
    findFiltered(spreadsheet, filter, requester).map((found) => ({
      valueRange: readFound(spreadsheet, found, options),
      dataFilters: [filter],
    })),
  )
  return answer(call, { spreadsheetId: file.id, ...(valueRanges.length > 0 && { valueRanges }) })
}

/** What a data filter means: a range, or the sheets, rows and columns that carry metadata. */
function findFiltered(spreadsheet: Spreadsheet, filter: DataFilterInput, requester: OpenFile['requester']): readonly FoundRange[] {
  if (typeof filter.a1Range === 'string') return [findRange(spreadsheet, filter.a1Range)]
  if (filter.gridRange) {
    const { sheetId, ...range } = cleanRange(filter.gridRange)
    return [{ sheet: findSheet(spreadsheet, sheetId), range, single: false }]
  }
  return filterMetadata(spreadsheet, filter, requester).flatMap(({ place }): readonly FoundRange[] => {
    if (place.type === 'SPREADSHEET') return []
    const sheet = findSheet(spreadsheet, place.sheetId)
    if (place.type === 'SHEET') return [{ sheet, range: {}, single: false }]
    const line = { start: place.index, end: place.index + 1 }
    const range =
      place.type === 'ROW'
        ? { startRowIndex: line.start, endRowIndex: line.end }
        : { startColumnIndex: line.start, endColumnIndex: line.end }
    return [{ sheet, range, single: false }]
  })
}

interface Edited {
  readonly draft: Draft
  readonly body: (spreadsheet: Spreadsheet) => JsonObject
}

/** Works on a draft; what it throws leaves the spreadsheet as it was. */
function edit(call: SheetsCall, work: (draft: Draft, open: OpenFile) => Edited['body']): ApiReply {
  const open = openFile(call)
  const mask = responseMask(call.request.query)
  const draft = openDraft(open.spreadsheet)
  const body = work(draft, open)
  checkSize(draft)
  const spreadsheet = finishDraft(draft)
  return committed(call.world, open.file, spreadsheet, selectFields(body(spreadsheet), mask), draft.written)
}

interface ResponseOptions {
  readonly includeValuesInResponse?: boolean | null | undefined
  readonly responseValueRenderOption?: ReadOptions['valueRenderOption']
  readonly responseDateTimeRenderOption?: ReadOptions['dateTimeRenderOption']
}

function writtenReply(id: string, written: Written, options: ResponseOptions): (spreadsheet: Spreadsheet) => JsonObject {
  return (spreadsheet) => {
    const sheet = findSheet(spreadsheet, written.sheetId)
    const { responseValueRenderOption: valueRenderOption, responseDateTimeRenderOption: dateTimeRenderOption } = options
    return {
      ...writtenJson(id, sheet, written),
      ...(options.includeValuesInResponse === true && {
        updatedData: readValues(spreadsheet, sheet, written.box, { valueRenderOption, dateTimeRenderOption }),
      }),
    }
  }
}

function queryOptions(call: SheetsCall): ResponseOptions {
  const { responseValueRenderOption, responseDateTimeRenderOption } = readQuery(call)
  return {
    includeValuesInResponse: call.request.query.get('includeValuesInResponse') === 'true',
    responseValueRenderOption,
    responseDateTimeRenderOption,
  }
}

export function updateValues(call: SheetsCall): ApiReply {
  const option = requireInputOption(readQuery(call).valueInputOption)
  return edit(call, (draft, { file, requester }) => {
    const body = readBody(valueRangeBody, readJson(call.request), 'data')
    const target = findRange(draft, call.params[1] ?? '')
    if (typeof body.range === 'string' && printFound(findRange(draft, body.range)) !== printFound(target))
      throw invalidArgument(`Requested writing within range [${call.params[1]}], but tried writing to range [${body.range}]`)
    return writtenReply(file.id, writeValues(draft, requester, { target, rows: readRows(body, 'data.'), option }), queryOptions(call))
  })
}

function printFound({ sheet, range }: FoundRange): string {
  return printA1(sheet.title, boxOf(range, sheet))
}

export function batchUpdateValues(call: SheetsCall): ApiReply {
  return edit(call, (draft, { file, requester }) => {
    const body = readBody(batchUpdateValuesBody, readJson(call.request))
    const option = requireInputOption(body.valueInputOption)
    const written = (body.data ?? []).map((one, at) =>
      writeValues(draft, requester, { target: findRange(draft, one.range ?? ''), rows: readRows(one, `data[${at}].`), option }),
    )
    return batchReply(file.id, written, body)
  })
}

export function batchUpdateByDataFilter(call: SheetsCall): ApiReply {
  return edit(call, (draft, { file, requester }) => {
    const body = readBody(batchUpdateByDataFilterBody, readJson(call.request))
    const option = requireInputOption(body.valueInputOption)
    const filters: DataFilterInput[] = []
    const written = (body.data ?? []).flatMap((one, at) =>
      findFiltered(draft, one.dataFilter ?? {}, requester).map((found) => {
        filters.push(one.dataFilter ?? {})
        const target = { ...found, sheet: findSheet(draft, found.sheet.id) }
        return writeValues(draft, requester, { target, rows: readRows(one, `data[${at}].`), option })
      }),
    )
    const reply = batchReply(file.id, written, body)
    return (spreadsheet) => {
      const { responses, ...totals } = reply(spreadsheet)
      return { ...totals, responses: responses.map((one, at) => ({ ...one, spreadsheetId: undefined, dataFilter: filters[at] })) }
    }
  })
}

interface BatchReply extends JsonObject {
  readonly responses: readonly JsonObject[]
}

function batchReply(id: string, written: readonly Written[], options: ResponseOptions): (spreadsheet: Spreadsheet) => BatchReply {
  const replies = written.map((one) => writtenReply(id, one, options))
  return (spreadsheet) => {
    const responses = replies.map((reply) => reply(spreadsheet))
    const total = (name: string): JsonObject => {
      const sum = responses.reduce((all, one) => all + Number(one[name] ?? 0), 0)
      return sum === 0 ? {} : { [`total${name[0]!.toUpperCase()}${name.slice(1)}`]: sum }
    }
    const sheets = new Set(written.filter(({ cells }) => cells > 0).map(({ sheetId }) => sheetId)).size
    return {
      spreadsheetId: id,
      ...total('updatedRows'),
      ...total('updatedColumns'),
      ...total('updatedCells'),
      ...(sheets > 0 && { totalUpdatedSheets: sheets }),
      responses,
    }
  }
}

export function appendToValues(call: SheetsCall): ApiReply {
  const { valueInputOption, insertDataOption } = readQuery(call)
  const option = requireInputOption(valueInputOption)
  return edit(call, (draft, { file, requester }) => {
    const body = readBody(valueRangeBody, readJson(call.request), 'data')
    const target = findRange(draft, call.params[1] ?? '')
    const rows = readRows(body, 'data.')
    const { table, written } = appendValues(draft, requester, { target, rows, option, insertRows: insertDataOption === 'INSERT_ROWS' })
    const updates = writtenReply(file.id, written, queryOptions(call))
    return (spreadsheet) => ({
      spreadsheetId: file.id,
      ...(table && { tableRange: printA1(target.sheet.title, table) }),
      updates: updates(spreadsheet),
    })
  })
}

function clear(draft: Draft, requester: OpenFile['requester'], { sheet, range }: FoundRange): string {
  const box = readableBox(sheet, range)
  clearValues(draft, requester, findSheet(draft, sheet.id), box)
  return unquoted(sheet, printA1(sheet.title, box))
}

/** As recorded of Google: here alone, the name of the tab is given without quotes. */
function unquoted({ title }: Sheet, text: string): string {
  return `${title}${text.slice(text.lastIndexOf('!'))}`
}

export function clearOneRange(call: SheetsCall): ApiReply {
  return edit(call, (draft, { file, requester }) => {
    const clearedRange = clear(draft, requester, findRange(draft, call.params[1] ?? ''))
    return () => ({ spreadsheetId: file.id, clearedRange })
  })
}

export function batchClear(call: SheetsCall): ApiReply {
  return edit(call, (draft, { file, requester }) => {
    const { ranges } = readBody(batchClearBody, readJson(call.request))
    const clearedRanges = (ranges ?? []).map((text) => clear(draft, requester, findRange(draft, text)))
    return () => ({ spreadsheetId: file.id, clearedRanges })
  })
}

export function batchClearByDataFilter(call: SheetsCall): ApiReply {
  return edit(call, (draft, { file, requester }) => {
    const { dataFilters } = readBody(batchClearByDataFilterBody, readJson(call.request))
    const found = (dataFilters ?? []).flatMap((filter) => findFiltered(draft, filter, requester))
    const clearedRanges = found.map((one) => clear(draft, requester, one))
    return () => ({ spreadsheetId: file.id, clearedRanges })
  })
}
