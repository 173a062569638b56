/** The calls that are answered: what each reads or writes, which scopes it needs, and who answers it. */
import type { Shape } from './json.ts'
import type { Call, CallAnswer } from './call.ts'
import { copyFile, createFile, createPermission, getFile, listPermissions } from './drive-calls.ts'
import type { CallKind } from './quota.ts'
import { dataFilter } from './request-shapes.ts'
import { batchUpdate, createSpreadsheet, getSpreadsheet, searchMetadata } from './spreadsheet-calls.ts'
import {
  appendValues,
  batchClearValues,
  batchGetValues,
  batchUpdateByDataFilter,
  batchUpdateValues,
  clearValues,
  getValues,
  updateValues,
} from './values-calls.ts'

export interface Route {
  /** Of the API's method. */
  readonly name: string
  readonly method: string
  readonly path: RegExp
  readonly kind: CallKind
  /** One of these. */
  readonly scopes: readonly string[]
  /** Of the body. */
  readonly shape: Shape
  readonly answer: (call: Call) => CallAnswer
}

const reading = ['spreadsheets', 'spreadsheets.readonly', 'drive', 'drive.readonly', 'drive.file']
const writing = ['spreadsheets', 'drive', 'drive.file']
const looking = ['drive', 'drive.file', 'drive.readonly', 'drive.metadata.readonly', 'drive.metadata']
const filing = ['drive', 'drive.file']

const valueRange = { range: 'text', majorDimension: 'text', values: 'any' } as const
const options = {
  valueInputOption: 'text',
  includeValuesInResponse: 'truth',
  responseValueRenderOption: 'text',
  responseDateTimeRenderOption: 'text',
} as const

const spreadsheet = '/v4/spreadsheets/([^/:]+)'
const file = '/drive/v3/files/([^/:]+)'

const read = (name: string, method: string, path: string, answer: Route['answer'], shape: Shape = 'any'): Route => ({
  name,
  method,
  answer,
  shape,
  kind: 'read',
  scopes: reading,
  path: new RegExp(`^${path}$`),
})
const write = (name: string, method: string, path: string, answer: Route['answer'], shape: Shape = 'any'): Route => ({
  name,
  method,
  answer,
  shape,
  kind: 'write',
  scopes: writing,
  path: new RegExp(`^${path}$`),
})

const routes: readonly Route[] = [
  write('CreateSpreadsheet', 'POST', '/v4/spreadsheets', createSpreadsheet),
  write('BatchUpdateSpreadsheet', 'POST', `${spreadsheet}:batchUpdate`, batchUpdate, {
    requests: 'any',
    includeSpreadsheetInResponse: 'truth',
    responseRanges: ['text'],
    responseIncludeGridData: 'truth',
  }),
  read('GetSpreadsheet', 'GET', spreadsheet, getSpreadsheet),
  read('BatchGetValues', 'GET', `${spreadsheet}/values:batchGet`, batchGetValues),
  write('BatchUpdateValues', 'POST', `${spreadsheet}/values:batchUpdate`, batchUpdateValues, { ...options, data: [valueRange] }),
  write('BatchUpdateValuesByDataFilter', 'POST', `${spreadsheet}/values:batchUpdateByDataFilter`, batchUpdateByDataFilter, {
    ...options,
    data: [{ dataFilter, majorDimension: 'text', values: 'any' }],
  }),
  write('BatchClearValues', 'POST', `${spreadsheet}/values:batchClear`, batchClearValues, { ranges: ['text'] }),
  write('ClearValues', 'POST', `${spreadsheet}/values/(.+):clear`, clearValues, {}),
  write('AppendValues', 'POST', `${spreadsheet}/values/(.+):append`, appendValues, valueRange),
  write('UpdateValues', 'PUT', `${spreadsheet}/values/(.+)`, updateValues, valueRange),
  read('GetValues', 'GET', `${spreadsheet}/values/(.+)`, getValues),
  read('SearchDeveloperMetadata', 'POST', `${spreadsheet}/developerMetadata:search`, searchMetadata, { dataFilters: [dataFilter] }),
  { ...read('GetFile', 'GET', file, getFile), scopes: looking },
  { ...read('ListPermissions', 'GET', `${file}/permissions`, listPermissions), scopes: looking },
  { ...write('CopyFile', 'POST', `${file}/copy`, copyFile), scopes: filing },
  { ...write('CreateFile', 'POST', '/drive/v3/files', createFile), scopes: filing },
  { ...write('CreatePermission', 'POST', `${file}/permissions`, createPermission), scopes: filing },
]

export interface FoundRoute {
  readonly route: Route
  readonly id: string | undefined
  /** What stands in the path behind the id. */
  readonly rest: string
}

/** `path` as it came: names in it are still percent-encoded. */
export function findRoute(method: string, path: string): FoundRoute | undefined {
  const plain = path.replaceAll(/%3A/gi, ':')
  for (const route of routes) {
    const found = route.method === method ? route.path.exec(plain) : null
    if (found) return { route, id: found[1] && decodeURIComponent(found[1]), rest: decodeURIComponent(found[2] ?? '') }
  }
  return undefined
}
