/** The little of Drive that exports need. Service accounts own no files. */
import { ApiError, forbidden, notFound } from './api-error.ts'
import type { Call, CallAnswer } from './call.ts'
import { textIn, type JsonObject } from './json.ts'
import type { Workbook } from './workbook.ts'

const sheetType = 'application/vnd.google-apps.spreadsheet'
const excelType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function storageExceeded(): ApiError {
  const message = "The user's Drive storage quota has been exceeded."
  return new ApiError(403, 'PERMISSION_DENIED', message, [{ domain: 'usageLimits', reason: 'storageQuotaExceeded', message }])
}

export function createFile({ json, store, account }: Call): CallAnswer {
  if (account.isRobot) throw storageExceeded()
  if (textIn(json, 'mimeType') !== sheetType) throw new ApiError(400, 'INVALID_ARGUMENT', 'The emulator keeps spreadsheets alone.')
  const made = store.create({ title: textIn(json, 'name') ?? 'Untitled' })
  store.share(made.id, account.email, 'owner')
  return { body: fileOf(store.get(made.id), account.email) }
}

export function copyFile({ json, store, account, workbook }: Call): CallAnswer {
  if (account.isRobot) throw storageExceeded()
  const { id, title } = workbook()
  const copy = store.copy(id, { title: textIn(json, 'name') ?? `Copy of ${title}` })
  store.share(copy.id, account.email, 'owner')
  return { body: fileOf(store.get(copy.id), account.email) }
}

export function getFile({ workbook, account }: Call): CallAnswer {
  return { body: fileOf(workbook(), account.email) }
}

function fileOf({ id, title, modified, sharing, version, isExcel }: Workbook, email: string): JsonObject {
  const canEdit = sharing.get(email) !== 'reader'
  return {
    kind: 'drive#file',
    id,
    name: title,
    mimeType: isExcel ? excelType : sheetType,
    modifiedTime: modified,
    version: String(version),
    capabilities: { canEdit, canShare: canEdit },
  }
}

export function listPermissions({ workbook, account }: Call): CallAnswer {
  const { sharing } = workbook()
  if (sharing.get(account.email) === 'reader') throw forbidden()
  return { body: { kind: 'drive#permissionList', permissions: [...sharing].map(([email, role]) => permissionOf(email, role)) } }
}

export function createPermission({ workbook, json, store }: Call): CallAnswer {
  const [emailAddress, role] = [textIn(json, 'emailAddress'), textIn(json, 'role')]
  if (emailAddress === undefined || (role !== 'writer' && role !== 'reader')) throw notFound()
  store.share(workbook().id, emailAddress, role)
  return { body: permissionOf(emailAddress, role) }
}

function permissionOf(email: string, role: string): JsonObject {
  return { kind: 'drive#permission', id: email, type: 'user', role }
}
