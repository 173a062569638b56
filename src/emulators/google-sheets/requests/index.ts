/** The registry of requests, and a batch of them: all or none. */
import type { z } from 'zod'
import { finishDraft, openDraft, type Draft } from '../model/draft.ts'
import { GoogleError, invalidArgument, unimplemented } from '../model/google-error.ts'
import { readBody } from '../json/proto-json.ts'
import type { JsonObject, Spreadsheet } from '../model/spreadsheet.ts'
import { appendCells, repeatCell, updateCells } from './cells.ts'
import type { Requester } from '../model/requester.ts'
import { copyPaste } from './copy-paste.ts'
import { appendDimension, autoResizeDimensions, deleteDimension, insertDimension, updateDimensionProperties } from './dimensions.ts'
import { checkSize } from './grow.ts'
import { createDeveloperMetadata, deleteDeveloperMetadata, updateDeveloperMetadata } from './metadata.ts'
import {
  addNamedRange,
  addProtectedRange,
  clearBasicFilter,
  deleteNamedRange,
  deleteProtectedRange,
  mergeCells,
  setBasicFilter,
  unmergeCells,
  updateNamedRange,
  updateProtectedRange,
} from './ranges.ts'
import { isRequestKind, requestSchemas, type RequestKind } from './schema.ts'
import { addSheet, deleteSheet, duplicateSheet, updateSheetProperties, updateSpreadsheetProperties } from './sheets.ts'
import { sortRange } from './sort-range.ts'

type Apply = (draft: Draft, requester: Requester) => JsonObject | undefined | void

/** Checks what a request holds, at its place in the body; what comes back applies it. */
type ReadRequest = (value: unknown, place: string) => Apply

function bind<T>(
  schema: z.ZodType<T>,
  handle: (draft: Draft, input: T, requester: Requester) => JsonObject | undefined | void,
): ReadRequest {
  return (value, place) => {
    const input = readBody(schema, value, place)
    return (draft, requester) => handle(draft, input, requester)
  }
}

const kinds: Readonly<Record<RequestKind, ReadRequest>> = {
  addSheet: bind(requestSchemas.addSheet, addSheet),
  deleteSheet: bind(requestSchemas.deleteSheet, deleteSheet),
  duplicateSheet: bind(requestSchemas.duplicateSheet, duplicateSheet),
  updateSheetProperties: bind(requestSchemas.updateSheetProperties, updateSheetProperties),
  updateSpreadsheetProperties: bind(requestSchemas.updateSpreadsheetProperties, updateSpreadsheetProperties),
  updateCells: bind(requestSchemas.updateCells, updateCells),
  appendCells: bind(requestSchemas.appendCells, appendCells),
  repeatCell: bind(requestSchemas.repeatCell, repeatCell),
  copyPaste: bind(requestSchemas.copyPaste, copyPaste),
  insertDimension: bind(requestSchemas.insertDimension, insertDimension),
  appendDimension: bind(requestSchemas.appendDimension, appendDimension),
  deleteDimension: bind(requestSchemas.deleteDimension, deleteDimension),
  updateDimensionProperties: bind(requestSchemas.updateDimensionProperties, updateDimensionProperties),
  autoResizeDimensions: bind(requestSchemas.autoResizeDimensions, autoResizeDimensions),
  setBasicFilter: bind(requestSchemas.setBasicFilter, setBasicFilter),
  clearBasicFilter: bind(requestSchemas.clearBasicFilter, clearBasicFilter),
  addNamedRange: bind(requestSchemas.addNamedRange, addNamedRange),
  updateNamedRange: bind(requestSchemas.updateNamedRange, updateNamedRange),
  deleteNamedRange: bind(requestSchemas.deleteNamedRange, deleteNamedRange),
  addProtectedRange: bind(requestSchemas.addProtectedRange, addProtectedRange),
  updateProtectedRange: bind(requestSchemas.updateProtectedRange, updateProtectedRange),
  deleteProtectedRange: bind(requestSchemas.deleteProtectedRange, deleteProtectedRange),
  mergeCells: bind(requestSchemas.mergeCells, mergeCells),
  unmergeCells: bind(requestSchemas.unmergeCells, unmergeCells),
  sortRange: bind(requestSchemas.sortRange, sortRange),
  createDeveloperMetadata: bind(requestSchemas.createDeveloperMetadata, createDeveloperMetadata),
  updateDeveloperMetadata: bind(requestSchemas.updateDeveloperMetadata, updateDeveloperMetadata),
  deleteDeveloperMetadata: bind(requestSchemas.deleteDeveloperMetadata, deleteDeveloperMetadata),
}

const mostRequests = 100_000

export interface BatchResult {
  readonly spreadsheet: Spreadsheet
  /** As many as requests, `{}` for one without an answer. */
  readonly replies: readonly JsonObject[]
  /** How many were written. */
  readonly cells: number
}

/** Applies the requests in order. Throws Google's error, and nothing of the batch has happened. */
export function applyBatch(spreadsheet: Spreadsheet, requests: readonly JsonObject[], requester: Requester): BatchResult {
  if (requests.length === 0) throw invalidArgument('Must specify at least one request.')
  if (requests.length > mostRequests) throw invalidArgument(`The number of requests may not exceed ${mostRequests}.`)
  const steps = requests.map(readRequest)
  const draft = openDraft(spreadsheet)
  const replies = steps.map((apply) => apply(draft, requester))
  return { spreadsheet: finishDraft(draft), replies, cells: draft.written }
}

type Step = (draft: Draft, requester: Requester) => JsonObject

function readRequest(request: JsonObject, index: number): Step {
  const [kind, ...more] = Object.keys(request).filter((name) => request[name] !== null && request[name] !== undefined)
  if (kind === undefined || more.length > 0) throw invalidArgument(`Invalid requests[${index}]: Exactly one request type must be set.`)
  if (!isRequestKind(kind)) throw unimplemented(`The Google Sheets emulator does not implement ${kind}.`)
  const snake = kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const apply = kinds[kind](request[kind], `requests[${index}].${snake}`)
  return (draft, requester) => {
    try {
      const reply = apply(draft, requester)
      checkSize(draft)
      return reply ? { [kind]: reply } : {}
    } catch (error) {
      if (error instanceof GoogleError && error.parts.code === 400)
        throw invalidArgument(`Invalid requests[${index}].${kind}: ${error.message}`)
      throw error
    }
  }
}
