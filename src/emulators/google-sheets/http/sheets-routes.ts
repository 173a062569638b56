/** The routes of the Sheets API v4: which method a request means. */
import { invalidArgument } from '../model/google-error.ts'
import type { World } from '../world/world.ts'
import { findCaller, requireEnabled, requireScope, scopes } from './caller.ts'
import type { ApiReply, ApiRequest } from './exchange.ts'
import type { CallKind, QuotaClock } from './quota.ts'
import type { SheetsCall } from './sheets-call.ts'
import {
  batchUpdate,
  copySheetTo,
  createSpreadsheet,
  getByDataFilter,
  getMetadata,
  getSpreadsheet,
  searchMetadata,
} from './spreadsheet-methods.ts'
import {
  appendToValues,
  batchClear,
  batchClearByDataFilter,
  batchGetByDataFilter,
  batchGetValues,
  batchUpdateByDataFilter,
  batchUpdateValues,
  clearOneRange,
  getValues,
  updateValues,
} from './values-methods.ts'

interface SheetsRoute {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Of the path behind `/v4/spreadsheets`, percent-encoded. */
  readonly path: RegExp
  /** As Google's own errors name it. */
  readonly name: string
  readonly kind: CallKind
  /** Parameters of its own. */
  readonly query?: readonly string[]
  readonly handle: (call: SheetsCall) => ApiReply
}

const writeQuery = ['valueInputOption', 'includeValuesInResponse', 'responseValueRenderOption', 'responseDateTimeRenderOption']
const readQuery = ['majorDimension', 'valueRenderOption', 'dateTimeRenderOption']

const routes: readonly SheetsRoute[] = [
  { method: 'POST', path: /^$/, name: 'CreateSpreadsheet', kind: 'write', handle: createSpreadsheet },
  {
    method: 'GET',
    path: /^\/([^/:]+)$/,
    name: 'GetSpreadsheet',
    kind: 'read',
    query: ['ranges', 'includeGridData', 'excludeTablesInBandedRanges'],
    handle: getSpreadsheet,
  },
  { method: 'POST', path: /^\/([^/:]+):batchUpdate$/, name: 'BatchUpdateSpreadsheet', kind: 'write', handle: batchUpdate },
  { method: 'POST', path: /^\/([^/:]+):getByDataFilter$/, name: 'GetSpreadsheetByDataFilter', kind: 'read', handle: getByDataFilter },
  {
    method: 'POST',
    path: /^\/([^/:]+)\/values\/([^/]+):append$/,
    name: 'AppendValues',
    kind: 'write',
    query: [...writeQuery, 'insertDataOption'],
    handle: appendToValues,
  },
  { method: 'POST', path: /^\/([^/:]+)\/values\/([^/]+):clear$/, name: 'ClearValues', kind: 'write', handle: clearOneRange },
  { method: 'GET', path: /^\/([^/:]+)\/values\/([^/]+)$/, name: 'GetValues', kind: 'read', query: readQuery, handle: getValues },
  { method: 'PUT', path: /^\/([^/:]+)\/values\/([^/]+)$/, name: 'UpdateValues', kind: 'write', query: writeQuery, handle: updateValues },
  {
    method: 'GET',
    path: /^\/([^/:]+)\/values:batchGet$/,
    name: 'BatchGetValues',
    kind: 'read',
    query: ['ranges', ...readQuery],
    handle: batchGetValues,
  },
  {
    method: 'POST',
    path: /^\/([^/:]+)\/values:batchGetByDataFilter$/,
    name: 'BatchGetValuesByDataFilter',
    kind: 'read',
    handle: batchGetByDataFilter,
  },
  { method: 'POST', path: /^\/([^/:]+)\/values:batchUpdate$/, name: 'BatchUpdateValues', kind: 'write', handle: batchUpdateValues },
  {
    method: 'POST',
    path: /^\/([^/:]+)\/values:batchUpdateByDataFilter$/,
    name: 'BatchUpdateValuesByDataFilter',
    kind: 'write',
    handle: batchUpdateByDataFilter,
  },
  { method: 'POST', path: /^\/([^/:]+)\/values:batchClear$/, name: 'BatchClearValues', kind: 'write', handle: batchClear },
  {
    method: 'POST',
    path: /^\/([^/:]+)\/values:batchClearByDataFilter$/,
    name: 'BatchClearValuesByDataFilter',
    kind: 'write',
    handle: batchClearByDataFilter,
  },
  { method: 'GET', path: /^\/([^/:]+)\/developerMetadata\/(\d+)$/, name: 'GetDeveloperMetadata', kind: 'read', handle: getMetadata },
  { method: 'POST', path: /^\/([^/:]+)\/developerMetadata:search$/, name: 'SearchDeveloperMetadata', kind: 'read', handle: searchMetadata },
  { method: 'POST', path: /^\/([^/:]+)\/sheets\/(\d+):copyTo$/, name: 'CopySheetTo', kind: 'write', handle: copySheetTo },
]

export const sheetsPrefix = '/v4/spreadsheets'

/** Undefined: the API has no such method. */
export function findSheetsRoute(method: string, path: string): SheetsRoute | undefined {
  return routes.find((route) => route.method === method && route.path.test(path.slice(sheetsPrefix.length)))
}

const writeScopes = [scopes.spreadsheets, scopes.drive, scopes.driveFile]
const readScopes = [...writeScopes, scopes.spreadsheetsReadonly, scopes.driveReadonly]

/** In the order of Google's front end: query, token, whether the API is on, scope, quota, then the spreadsheet. */
export function callSheets(world: World, quota: QuotaClock | undefined, route: SheetsRoute, request: ApiRequest): ApiReply {
  checkQuery(request.query, route.query ?? [])
  const token = findCaller(world, request)
  const api = {
    service: 'sheets.googleapis.com',
    title: 'Google Sheets API',
    method: `google.apps.sheets.v4.SpreadsheetsService.${route.name}`,
  }
  requireEnabled(world, token.account.project, api)
  requireScope(token, route.kind === 'write' ? writeScopes : readScopes, api)
  quota?.take(route.kind, token.account)
  const [, ...params] = route.path.exec(request.path.slice(sheetsPrefix.length)) ?? []
  return route.handle({ world, token, request, params: params.map(decode), kind: route.kind })
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw invalidArgument('Request contains an invalid argument.')
  }
}

const commonQuery: ReadonlySet<string> = new Set([
  'alt',
  'fields',
  'key',
  'prettyPrint',
  'quotaUser',
  'access_token',
  'oauth_token',
  'callback',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
  '$alt',
  '$fields',
  '$prettyPrint',
])

function checkQuery(query: URLSearchParams, own: readonly string[]): void {
  for (const name of query.keys()) {
    if (commonQuery.has(name) || own.includes(name)) continue
    const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`
    throw invalidArgument(message, [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] }])
  }
}
