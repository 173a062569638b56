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
  const file = world.createsMissing ? findOrCreate(world, id, account.email) : world.files.get(id)
  if (!file || !reaches(token, file)) throw notFound()
  const role = roleOf(file, account.email)
  if (role === undefined || (kind === 'write' && !mayWrite(role))) throw permissionDenied()
  if (!file.spreadsheet)
    throw new GoogleError('This operation is not supported for this document', { code: 400, status: 'FAILED_PRECONDITION' })
  return { file, spreadsheet: file.spreadsheet, requester: { email: account.email, project: account.project, isOwner: role === 'owner' } }
}

function findOrCreate(world: World, id: string, email: string): DriveFile | undefined {
  const file = world.files.get(id)
  if (!file) return /^[\w-]+$/.test(id) ? addSpreadsheet(world, { id, title: id, permissions: [permission(email, 'writer')] }) : undefined
  if (roleOf(file, email) === undefined) file.permissions = [...file.permissions, permission(email, 'writer')]
  return file
}

/** With `drive.file` alone, a program reaches what it made and nothing else. */
function reaches({ scopes: granted, account }: AccessToken, { madeBy }: DriveFile): boolean {
  return granted.some((scope) => scope !== scopes.driveFile) || madeBy === account.project
}

export function committed(world: World, file: DriveFile, spreadsheet: Spreadsheet, body: unknown, cells: number): ApiReply {
  commit(world, file, spreadsheet)
  return { status: 200, body, committed: file, cells }
}

/** Where people see it. */
export function spreadsheetUrl(request: ApiRequest, id: string): string {
  return `${request.url}spreadsheets/d/${id}/edit`
}
