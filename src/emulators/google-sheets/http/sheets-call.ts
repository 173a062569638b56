/** One call of the Sheets API: the spreadsheet that it is about, and whether its account may read or write it. */
import { GoogleError, notFound, permissionDenied } from '../model/google-error.ts'
import type { Requester } from '../model/requester.ts'
import type { Spreadsheet } from '../model/spreadsheet.ts'
import { addSpreadsheet, commit, mayWrite, permission, roleOf, type AccessToken, type DriveFile, type World } from '../world/world.ts'
import { scopes } from './caller.ts'
import type { ApiReply, ApiRequest } from './exchange.ts'
import type { CallKind } from './quota.ts'

export interface SheetsCall {
  readonly world: World
  readonly token: AccessToken
  readonly request: ApiRequest
  /** Parts of the path, decoded: the id first. */
  readonly params: readonly string[]
  readonly kind: CallKind
}

export interface OpenFile {
  readonly file: DriveFile
  readonly spreadsheet: Spreadsheet
  readonly requester: Requester
}

/** Throws Google's 403 or 404, or its error for a file that is no Google spreadsheet. */
export function openFile({ world, token, params: [id = ''], kind }: SheetsCall): OpenFile {
  const { account } = token
  const file = world.files.get(id) ?? createMissing(world, id, token)
  if (!file || !reaches(token, file)) throw notFound()
  const role = roleOf(file, account.email)
  if (role === undefined || (kind === 'write' && !mayWrite(role))) throw permissionDenied()
  if (!file.spreadsheet)
    throw new GoogleError('This operation is not supported for this document', { code: 400, status: 'FAILED_PRECONDITION' })
  return { file, spreadsheet: file.spreadsheet, requester: { email: account.email, project: account.project, isOwner: role === 'owner' } }
}

function createMissing(world: World, id: string, { account }: AccessToken): DriveFile | undefined {
  if (!world.createsMissing || !/^[\w-]+$/.test(id)) return undefined
  return addSpreadsheet(world, { id, title: `Spreadsheet ${id}`, permissions: [permission(account.email, 'writer')] })
}

/** With `drive.file` alone, a program reaches what it made and nothing else. */
function reaches({ scopes: granted, account }: AccessToken, { madeBy }: DriveFile): boolean {
  return granted.some((scope) => scope !== scopes.driveFile) || madeBy === account.project
}

export function committed(world: World, file: DriveFile, spreadsheet: Spreadsheet, body: unknown): ApiReply {
  commit(world, file, spreadsheet)
  return { status: 200, body, committed: file }
}

/** Where people see it. */
export function spreadsheetUrl(request: ApiRequest, id: string): string {
  return `${request.url}spreadsheets/d/${id}/edit`
}
