/** The requests of a batchUpdate, one after the other on a draft. The first that is refused throws, and the draft is dropped. */
import { invalid } from './api-error.ts'
import { appendCells, copyPaste, repeatCell, updateCells } from './cell-requests.ts'
import { appendDimension, autoResizeDimensions, deleteDimension, insertDimension, updateDimensionProperties } from './dimension-requests.ts'
import { checkShape, isObject, objectIn, snake, unknownName, type JsonObject } from './json.ts'
import { createDeveloperMetadata, deleteDeveloperMetadata, updateDeveloperMetadata } from './metadata-requests.ts'
import {
  addNamedRange,
  addProtectedRange,
  clearBasicFilter,
  deleteNamedRange,
  deleteProtectedRange,
  setBasicFilter,
  updateNamedRange,
} from './range-requests.ts'
import type { Context } from './request-context.ts'
import { requestShapes, type RequestKind } from './request-shapes.ts'
import { addSheet, deleteSheet, duplicateSheet, updateSheetProperties, updateSpreadsheetProperties } from './tab-requests.ts'

const handlers: Readonly<Record<RequestKind, (body: JsonObject, context: Context) => JsonObject | undefined>> = {
  addSheet,
  deleteSheet,
  duplicateSheet,
  updateSheetProperties,
  updateSpreadsheetProperties,
  updateCells,
  appendCells,
  repeatCell,
  copyPaste,
  appendDimension,
  insertDimension,
  deleteDimension,
  updateDimensionProperties,
  autoResizeDimensions,
  setBasicFilter,
  clearBasicFilter,
  addNamedRange,
  updateNamedRange,
  deleteNamedRange,
  addProtectedRange,
  deleteProtectedRange,
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
}

function isKind(name: string): name is RequestKind {
  return Object.hasOwn(handlers, name)
}

/** The replies, parallel to the requests. Throws ApiError. */
export function applyRequests(requests: readonly unknown[], context: Omit<Context, 'name'>): readonly JsonObject[] {
  // All are understood before the first is done.
  const read = requests.map(readRequest)
  return read.map(({ kind, body }, index) => handlers[kind](body, { ...context, name: `requests[${index}].${kind}` }) ?? {})
}

function readRequest(request: unknown, index: number): { readonly kind: RequestKind; readonly body: JsonObject } {
  const [kind, ...others] = isObject(request) ? Object.keys(request) : []
  if (!isObject(request) || kind === undefined || others.length > 0)
    throw invalid(`Invalid requests[${index}]: must have exactly one of the request kinds set.`)
  if (!isKind(kind)) throw unknownName(kind, `requests[${index}]`)
  checkShape(request[kind], requestShapes[kind], `requests[${index}].${snake(kind)}`)
  return { kind, body: objectIn(request, kind) }
}
