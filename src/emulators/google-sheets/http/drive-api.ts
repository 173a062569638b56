/** The part of the Drive API v3 that exports need: whether a file is there and may be edited, when it changed, copies and sharing. */
import { z } from 'zod'
import { selectFields, type FieldMask } from '../model/field-mask.ts'
import { GoogleError } from '../model/google-error.ts'
import type { JsonObject } from '../model/spreadsheet.ts'
import {
  addFile,
  mayWrite,
  nameOf,
  newSpreadsheet,
  permission,
  roleOf,
  share,
  sheetMimeType,
  type AccessToken,
  type DriveFile,
  type Permission,
  type World,
} from '../world/world.ts'
import { findCaller, requireEnabled, requireScope, scopes } from './caller.ts'
import { readJson, type ApiReply, type ApiRequest } from './exchange.ts'
import { readBody } from '../json/proto-json.ts'
import { responseMask } from './response-mask.ts'

interface DriveCall {
  readonly world: World
  readonly token: AccessToken
  readonly request: ApiRequest
  readonly params: readonly string[]
}

interface DriveRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: RegExp
  readonly name: string
  readonly writes: boolean
  readonly handle: (call: DriveCall) => ApiReply
}

export const drivePrefix = '/drive/v3'

const routes: readonly DriveRoute[] = [
  { method: 'GET', path: /^\/files\/([^/]+)$/, name: 'Get', writes: false, handle: getFile },
  { method: 'POST', path: /^\/files$/, name: 'Create', writes: true, handle: createFile },
  { method: 'POST', path: /^\/files\/([^/]+)\/copy$/, name: 'Copy', writes: true, handle: copyFile },
  { method: 'GET', path: /^\/files\/([^/]+)\/permissions$/, name: 'ListPermissions', writes: false, handle: listPermissions },
  { method: 'POST', path: /^\/files\/([^/]+)\/permissions$/, name: 'CreatePermission', writes: true, handle: createPermission },
  { method: 'DELETE', path: /^\/files\/([^/]+)\/permissions\/([^/]+)$/, name: 'DeletePermission', writes: true, handle: deletePermission },
]

export function findDriveRoute(method: string, path: string): DriveRoute | undefined {
  return routes.find((route) => route.method === method && route.path.test(path.slice(drivePrefix.length)))
}

const writeScopes = [scopes.drive, scopes.driveFile]
const readScopes: readonly string[] = [...writeScopes, scopes.driveReadonly, scopes.driveMetadata, scopes.driveMetadataReadonly]

export function callDrive(world: World, route: DriveRoute, request: ApiRequest): ApiReply {
  const token = findCaller(world, request)
  const api = { service: 'drive.googleapis.com', title: 'Google Drive API', method: `google.apps.drive.v3.DriveFiles.${route.name}` }
  requireEnabled(world, token.account.project, api)
  requireScope(token, route.writes ? writeScopes : readScopes, api)
  const [, ...params] = route.path.exec(request.path.slice(drivePrefix.length)) ?? []
  return route.handle({ world, token, request, params: params.map(decodeURIComponent) })
}

function driveError(code: number, domain: string, reason: string, message: string, at?: string): GoogleError {
  const location = at === undefined ? {} : { location: at, locationType: 'parameter' }
  return new GoogleError(message, { code, status: '', errors: [{ message, domain, reason, ...location }] })
}

function openFile({ world, token, params: [id = ''] }: DriveCall, writes: boolean): DriveFile {
  const file = world.files.get(id)
  const role = file && roleOf(file, token.account.email)
  const own =
    token.scopes.some((scope) => readScopes.includes(scope) && scope !== scopes.driveFile) || file?.madeBy === token.account.project
  if (!file || role === undefined || !own) throw driveError(404, 'global', 'notFound', `File not found: ${id}.`, 'fileId')
  if (writes && !mayWrite(role))
    throw driveError(403, 'global', 'insufficientFilePermissions', 'The user does not have sufficient permissions for this file.')
  return file
}

/** Without a mask, four fields are given. */
function fileReply({ request: { query, url }, token }: DriveCall, file: DriveFile): JsonObject {
  const role = roleOf(file, token.account.email)
  const canEdit = mayWrite(role)
  const all = {
    kind: 'drive#file',
    id: file.id,
    name: nameOf(file),
    mimeType: file.mimeType,
    createdTime: file.createdTime,
    modifiedTime: file.modifiedTime,
    version: String(file.version),
    webViewLink: `${url}spreadsheets/d/${file.id}/edit`,
    trashed: false,
    ownedByMe: role === 'owner',
    shared: file.permissions.length > 1,
    capabilities: { canEdit, canShare: canEdit, canCopy: true, canDownload: true, canModifyContent: canEdit },
    owners: file.permissions.filter((one) => one.role === 'owner').map(({ email }) => ({ kind: 'drive#user', emailAddress: email })),
    ...(canEdit && { permissions: file.permissions.map(permissionJson) }),
  }
  const mask: FieldMask = query.has('fields')
    ? responseMask(query)
    : new Map(['kind', 'id', 'name', 'mimeType'].map((name) => [name, 'all'] as const))
  return selectFields(all, mask) as JsonObject
}

function permissionJson({ id, type, email, role }: Permission): JsonObject {
  return { kind: 'drive#permission', id, type, role, ...(email !== undefined && { emailAddress: email }) }
}

function getFile(call: DriveCall): ApiReply {
  return { status: 200, body: fileReply(call, openFile(call, false)) }
}

const fileBody = z.looseObject({ name: z.string().nullish(), mimeType: z.string().nullish() })

function refuseServiceAccount({ account }: AccessToken): void {
  if (account.kind !== 'service') return
  throw driveError(
    403,
    'usageLimits',
    'storageQuotaExceeded',
    'Service Accounts do not have storage quota. Leverage shared drives (https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation (http://support.google.com/a/answer/7281227) instead.',
  )
}

function createFile(call: DriveCall): ApiReply {
  const { world, token, request } = call
  const { name, mimeType } = readBody(fileBody, readJson(request))
  refuseServiceAccount(token)
  const title = name ?? 'Untitled'
  const file = addFile(world, {
    title,
    mimeType: mimeType ?? 'application/octet-stream',
    permissions: [permission(token.account.email, 'owner')],
    madeBy: token.account.project,
    spreadsheet: mimeType === sheetMimeType ? newSpreadsheet({ title }) : undefined,
  })
  return { status: 200, body: fileReply(call, file), committed: file }
}

/** A copy is the copier's own, and carries everything along: tabs under their ids, and metadata of programs. */
function copyFile(call: DriveCall): ApiReply {
  const { world, token, request } = call
  const source = openFile(call, false)
  const { name } = readBody(fileBody, readJson(request))
  refuseServiceAccount(token)
  const title = name ?? `Copy of ${nameOf(source)}`
  const file = addFile(world, {
    title,
    mimeType: source.mimeType,
    permissions: [permission(token.account.email, 'owner')],
    madeBy: token.account.project,
    spreadsheet: source.spreadsheet && { ...source.spreadsheet, title },
  })
  return { status: 200, body: fileReply(call, file), committed: file }
}

function listPermissions(call: DriveCall): ApiReply {
  const file = openFile(call, true)
  return {
    status: 200,
    body: selectFields(
      { kind: 'drive#permissionList', permissions: file.permissions.map(permissionJson) },
      responseMask(call.request.query),
    ),
  }
}

const permissionBody = z.looseObject({
  type: z.enum(['user', 'anyone', 'group', 'domain']),
  role: z.enum(['owner', 'writer', 'commenter', 'reader', 'organizer', 'fileOrganizer']),
  emailAddress: z.string().nullish(),
})

function createPermission(call: DriveCall): ApiReply {
  const file = openFile(call, true)
  const { type, role, emailAddress } = readBody(permissionBody, readJson(call.request))
  if (role === 'organizer' || role === 'fileOrganizer' || type === 'group' || type === 'domain')
    throw driveError(
      400,
      'global',
      'badRequest',
      `The Google Sheets emulator shares with users and with anyone, not with ${type} as ${role}.`,
    )
  if (type === 'user' && !emailAddress?.includes('@'))
    throw driveError(400, 'global', 'invalidSharingRequest', 'Bad Request. User message: "The email address is invalid."')
  const added: Permission = type === 'anyone' ? { ...permission('', role), type: 'anyone' } : permission(emailAddress!, role)
  share(file, added)
  call.world.onChange(file)
  const body = permissionJson(added)
  return { status: 200, body: selectFields(body, responseMask(call.request.query)), committed: file }
}

function deletePermission(call: DriveCall): ApiReply {
  const file = openFile(call, true)
  const [, id] = call.params
  if (!file.permissions.some((one) => one.id === id))
    throw driveError(404, 'global', 'notFound', `Permission not found: ${id}.`, 'permissionId')
  file.permissions = file.permissions.filter((one) => one.id !== id)
  call.world.onChange(file)
  return { status: 204, committed: file }
}
