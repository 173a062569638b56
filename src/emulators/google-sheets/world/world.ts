/** All that the emulator holds: files with whom they are shared with, accounts, and the tokens that it gave them. */
import { randomBytes, randomUUID } from 'node:crypto'
import { newSheet, type Spreadsheet } from '../model/spreadsheet.ts'
import type { Account, KeyPair } from './account.ts'

/** Of the one Google Cloud project that there is. */
export const projectNumber = '123456789012'

export const sheetMimeType = 'application/vnd.google-apps.spreadsheet'

export type Role = 'owner' | 'writer' | 'commenter' | 'reader'

export interface Permission {
  readonly id: string
  readonly type: 'user' | 'anyone'
  /** Absent for anyone with the link. */
  readonly email?: string
  readonly role: Role
}

export interface DriveFile {
  readonly id: string
  readonly mimeType: string
  readonly createdTime: string
  modifiedTime: string
  /** Counts changes of content. */
  version: number
  readonly name: string
  permissions: readonly Permission[]
  /** The project whose program made it: all that the scope `drive.file` reaches. */
  readonly madeBy: string | undefined
  /** Of a Google spreadsheet; absent for files of other kinds. */
  spreadsheet: Spreadsheet | undefined
}

export interface AccessToken {
  readonly account: Account
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** What a person allowed a program to do. */
export interface Consent {
  readonly email: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** Of PKCE, base64url of SHA-256. */
  readonly challenge: string | undefined
}

export interface World {
  readonly files: Map<string, DriveFile>
  readonly accounts: Map<string, Account>
  /** What service accounts and this emulator itself sign with. */
  readonly keys: KeyPair
  /** Consents of people that wait for their program, by code. */
  readonly consents: Map<string, Consent>
  /** Logins that were revoked. */
  readonly revoked: Set<string>
  readonly tokens: Map<string, AccessToken>
  /** APIs that are turned off: `sheets.googleapis.com`. */
  readonly disabledApis: Set<string>
  readonly now: () => number
  /** A spreadsheet that is asked for and not there is made, and every one is shared with who asks. */
  readonly createsMissing: boolean
  /** Told after each change of a file. */
  readonly onChange: (file: DriveFile) => void
}

export interface NewSpreadsheet {
  readonly id?: string | undefined
  readonly title: string
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
  readonly permissions: readonly Permission[]
  readonly madeBy?: string | undefined
  readonly spreadsheet?: Spreadsheet | undefined
}

export function newSpreadsheet({ title, locale, timeZone }: Pick<NewSpreadsheet, 'title' | 'locale' | 'timeZone'>): Spreadsheet {
  return {
    title,
    locale: locale ?? 'en_US',
    timeZone: timeZone ?? 'Etc/GMT',
    extras: {},
    sheets: [newSheet(0, 'Sheet1')],
    namedRanges: [],
    metadata: [],
  }
}

export function addSpreadsheet(world: World, given: NewSpreadsheet): DriveFile {
  return addFile(world, { ...given, mimeType: sheetMimeType, spreadsheet: given.spreadsheet ?? newSpreadsheet(given) })
}

export interface NewFile extends NewSpreadsheet {
  readonly mimeType: string
}

export function addFile(world: World, { id, title, permissions, madeBy, mimeType, spreadsheet }: NewFile): DriveFile {
  const time = new Date(world.now()).toISOString()
  const file: DriveFile = {
    id: id ?? newFileId(),
    mimeType,
    name: title,
    createdTime: time,
    modifiedTime: time,
    version: 1,
    permissions,
    madeBy,
    spreadsheet,
  }
  world.files.set(file.id, file)
  world.onChange(file)
  return file
}

function newFileId(): string {
  return `1${randomBytes(32).toString('base64url')}`
}

export function permission(email: string, role: Role): Permission {
  return { id: randomUUID(), type: 'user', email, role }
}

/** A spreadsheet's name is its title. */
export function nameOf({ spreadsheet, name }: DriveFile): string {
  return spreadsheet?.title ?? name
}

export function commit(world: World, file: DriveFile, spreadsheet: Spreadsheet): void {
  file.spreadsheet = spreadsheet
  file.modifiedTime = new Date(world.now()).toISOString()
  file.version += 1
  world.onChange(file)
}

/** One permission for each account: the last one counts. */
export function share(file: DriveFile, added: Permission): void {
  const others = file.permissions.filter((one) => one.type !== added.type || one.email !== added.email)
  file.permissions = [...others, added]
}

/** `none` takes away what the account has. */
export function grant(world: World, file: DriveFile, email: string, role: Role | 'none'): void {
  if (role === 'none') file.permissions = file.permissions.filter((one) => one.email !== email)
  else share(file, permission(email, role))
  world.onChange(file)
}

const strength: readonly Role[] = ['reader', 'commenter', 'writer', 'owner']

/** The strongest that the account has; undefined where the file is not shared with it. */
export function roleOf({ permissions }: DriveFile, email: string): Role | undefined {
  const roles = new Set(permissions.filter((one) => one.type === 'anyone' || one.email === email).map(({ role }) => role))
  return strength.findLast((role) => roles.has(role))
}

export function mayWrite(role: Role | undefined): boolean {
  return role === 'writer' || role === 'owner'
}
