/** The registry of requests, and a batch of them: all or none. */
import type { z } from 'zod'
import { finishDraft, openDraft, type Draft } from '../model/draft.ts'
import { GoogleError, invalidArgument, unimplemented } from '../model/google-error.ts'
import { readBody } from '../json/proto-json.ts'
import type { JsonObject, Spreadsheet } from '../model/spreadsheet.ts'
import { appendCells, repeatCell, updateCells } from './cells.ts'
import type { Requester } from '../model/requester.ts'
import type { RequestHandler } from './context.ts'
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
import { isRequestKind, requestSchemas, type RequestInput, type RequestKind } from './schema.ts'
import { addSheet, deleteSheet, duplicateSheet, updateSheetProperties, updateSpreadsheetProperties } from './sheets.ts'
import { sortRange } from './sort-range.ts'

const handlers: { readonly [K in RequestKind]: RequestHandler<K> } = {
  addSheet,
  deleteSheet,
  duplicateSheet,
  updateSheetProperties,
  updateSpreadsheetProperties,
  updateCells,
  appendCells,
  repeatCell,
  copyPaste,
  insertDimension,
  appendDimension,
  deleteDimension,
  updateDimensionProperties,
  autoResizeDimensions,
  setBasicFilter,
  clearBasicFilter,
  addNamedRange,
  updateNamedRange,
  deleteNamedRange,
  addProtectedRange,
  updateProtectedRange,
  deleteProtectedRange,
  mergeCells,
  unmergeCells,
  sortRange,
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
}

const mostRequests = 100_000

export interface BatchResult {
  readonly spreadsheet: Spreadsheet
  /** As many as requests, `{}` for one without an answer. */
  readonly replies: readonly JsonObject[]
}

/** Applies the requests in order. Throws Google's error, and nothing of the batch has happened. */
export function applyBatch(spreadsheet: Spreadsheet, requests: readonly JsonObject[], requester: Requester): BatchResult {
  if (requests.length === 0) throw invalidArgument('Must specify at least one request.')
  if (requests.length > mostRequests) throw invalidArgument(`The number of requests may not exceed ${mostRequests}.`)
  const steps = requests.map(readRequest)
  const draft = openDraft(spreadsheet)
  const replies = steps.map((apply) => apply(draft, requester))
  return { spreadsheet: finishDraft(draft), replies }
}

type Schemas = { readonly [K in RequestKind]: z.ZodType<RequestInput<K>> }

type Step = (draft: Draft, requester: Requester) => JsonObject

function readRequest(request: JsonObject, index: number): Step {
  const [kind, ...more] = Object.keys(request).filter((name) => request[name] !== null && request[name] !== undefined)
  if (kind === undefined || more.length > 0) throw invalidArgument(`Invalid requests[${index}]: Exactly one request type must be set.`)
  if (!isRequestKind(kind)) throw unimplemented(`The Google Sheets emulator does not implement ${kind}.`)
  return bindRequest(kind, request[kind], index)
}

function bindRequest<K extends RequestKind>(kind: K, value: unknown, index: number): Step {
  const snake = kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const schemas: Schemas = requestSchemas
  const input = readBody(schemas[kind], value, `requests[${index}].${snake}`)
  return (draft, requester) => {
    try {
      const reply = handlers[kind](draft, input, requester)
      checkSize(draft)
      return reply === undefined || reply === null ? {} : { [kind]: reply }
    } catch (error) {
      if (error instanceof GoogleError && error.parts.code === 400)
        throw invalidArgument(`Invalid requests[${index}].${kind}: ${error.message}`)
      throw error
    }
  }
}
