/** Methods of the Sheets API about spreadsheets as a whole, batches, and developer metadata. */
import { z } from 'zod'
import { findRange } from '../model/a1.ts'
import { addToDraft, findSheet, finishDraft, openDraft } from '../model/draft.ts'
import { maskOf, selectFields, type FieldMask } from '../model/field-mask.ts'
import { invalidArgument, notFound, permissionDenied } from '../model/google-error.ts'
import { mayKnow } from '../model/requester.ts'
import type { DeveloperMetadata, JsonObject, Spreadsheet } from '../model/spreadsheet.ts'
import { metadataJson } from '../json/metadata-json.ts'
import { readBody } from '../json/proto-json.ts'
import { sheetPropertiesJson, spreadsheetJson } from '../json/sheet-json.ts'
import { filterMetadata } from '../requests/find-metadata.ts'
import { applyBatch } from '../requests/index.ts'
import { batchUpdateBody, createBody, dataFilter, type DataFilterInput } from '../requests/schema.ts'
import { copySheet } from '../requests/sheets.ts'
import { addSpreadsheet, newSpreadsheet, permission } from '../world/world.ts'
import { readJson, type ApiReply } from './exchange.ts'
import { committed, openFile, spreadsheetUrl, type SheetsCall } from './sheets-call.ts'
import { responseMask } from './response-mask.ts'

interface Shown {
  readonly mask: FieldMask
  readonly ranges: readonly string[]
  readonly includeGridData: boolean
}

function show(call: SheetsCall, spreadsheet: Spreadsheet, { mask, ranges, includeGridData }: Shown): JsonObject {
  const [id = ''] = call.params
  const { requester } = openFile(call)
  return spreadsheetJson(spreadsheet, { id, url: spreadsheetUrl(call.request, id), requester, mask, ranges, includeGridData })
}

/** With a mask, cells are given where it asks for them, whatever `includeGridData` says. */
export function getSpreadsheet(call: SheetsCall): ApiReply {
  const { spreadsheet } = openFile(call)
  const { query } = call.request
  const mask = responseMask(query)
  const data = mask === 'all' ? query.get('includeGridData') === 'true' : maskOf(mask, 'sheets', 'data') !== undefined
  return { status: 200, body: selectFields(show(call, spreadsheet, { mask, ranges: query.getAll('ranges'), includeGridData: data }), mask) }
}

const getByFilterBody = z.strictObject({
  dataFilters: z.array(dataFilter).nullish(),
  includeGridData: z.boolean().nullish(),
  excludeTablesInBandedRanges: z.boolean().nullish(),
})

export function getByDataFilter(call: SheetsCall): ApiReply {
  const { spreadsheet } = openFile(call)
  const { dataFilters, includeGridData } = readBody(getByFilterBody, readJson(call.request))
  const mask = responseMask(call.request.query)
  const ranges = (dataFilters ?? []).flatMap(({ a1Range }) => (typeof a1Range === 'string' ? [a1Range] : []))
  return { status: 200, body: selectFields(show(call, spreadsheet, { mask, ranges, includeGridData: includeGridData ?? false }), mask) }
}

/** A service account has no Drive of its own to put it in. */
export function createSpreadsheet({ world, token: { account }, request }: SheetsCall): ApiReply {
  const body = readBody(createBody, readJson(request))
  const mask = responseMask(request.query)
  if (account.kind === 'service') throw permissionDenied()
  const requester = { email: account.email, project: account.project, isOwner: true }
  const { title, locale, timeZone } = body.properties ?? {}
  const empty = newSpreadsheet({ title: title ?? 'Untitled spreadsheet', locale: locale ?? undefined, timeZone: timeZone ?? undefined })
  const requests = (body.sheets ?? []).map(({ properties }) => ({ addSheet: { properties: properties ?? {} } }))
  const spreadsheet = requests.length === 0 ? empty : applyBatch({ ...empty, sheets: [] }, requests, requester).spreadsheet
  const permissions = [permission(account.email, 'owner')]
  const file = addSpreadsheet(world, { title: spreadsheet.title, permissions, madeBy: account.project, spreadsheet })
  const url = spreadsheetUrl(request, file.id)
  const json = spreadsheetJson(spreadsheet, { id: file.id, url, requester, mask, ranges: [], includeGridData: false })
  return { status: 200, body: selectFields(json, mask), committed: file }
}

export function batchUpdate(call: SheetsCall): ApiReply {
  const { file, spreadsheet: before, requester } = openFile(call)
  const mask = responseMask(call.request.query)
  const body = readBody(batchUpdateBody, readJson(call.request))
  const { spreadsheet, replies, cells } = applyBatch(before, body.requests ?? [], requester)
  const shown = body.includeSpreadsheetInResponse === true && {
    updatedSpreadsheet: show(call, spreadsheet, {
      mask: 'all',
      ranges: body.responseRanges ?? [],
      includeGridData: body.responseIncludeGridData ?? false,
    }),
  }
  return committed(call.world, file, spreadsheet, selectFields({ spreadsheetId: file.id, replies, ...shown }, mask), cells)
}

const copyBody = z.strictObject({ destinationSpreadsheetId: z.string().nullish() })

export function copySheetTo(call: SheetsCall): ApiReply {
  const { spreadsheet: from } = openFile({ ...call, kind: 'read' })
  const { destinationSpreadsheetId } = readBody(copyBody, readJson(call.request))
  const source = findSheet(from, Number(call.params[1]))
  const target = openFile({ ...call, params: [destinationSpreadsheetId ?? ''] })
  const draft = openDraft(target.spreadsheet)
  const copied = copySheet(draft, from, source)
  addToDraft(draft, copied, draft.sheets.length)
  const spreadsheet = finishDraft(draft)
  return committed(
    call.world,
    target.file,
    spreadsheet,
    selectFields(sheetPropertiesJson(copied, spreadsheet), responseMask(call.request.query)),
    0,
  )
}

export function getMetadata(call: SheetsCall): ApiReply {
  const { spreadsheet, requester } = openFile(call)
  const found = spreadsheet.metadata.find(({ id }) => id === Number(call.params[1]))
  if (!found || !mayKnow(requester, found)) throw notFound(`No developer metadata with id: ${call.params[1]}`)
  return { status: 200, body: selectFields(metadataJson(found), responseMask(call.request.query)) }
}

const searchBody = z.strictObject({ dataFilters: z.array(dataFilter).nullish() })

export function searchMetadata(call: SheetsCall): ApiReply {
  const { spreadsheet, requester } = openFile(call)
  const { dataFilters } = readBody(searchBody, readJson(call.request))
  if ((dataFilters ?? []).length === 0) throw invalidArgument('Must specify at least one dataFilter.')
  const found = new Map<DeveloperMetadata, DataFilterInput[]>()
  for (const filter of dataFilters ?? []) {
    if (typeof filter.a1Range === 'string') findRange(spreadsheet, filter.a1Range)
    for (const one of filterMetadata(spreadsheet, filter, requester)) found.set(one, [...(found.get(one) ?? []), filter])
  }
  const matched = [...found].map(([one, filters]) => ({ developerMetadata: metadataJson(one), dataFilters: filters }))
  return {
    status: 200,
    body: selectFields(matched.length === 0 ? {} : { matchedDeveloperMetadata: matched }, responseMask(call.request.query)),
  }
}
