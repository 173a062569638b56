/**
 * The Google Sheets emulator: Sheets v4, the part of Drive v3 that exports need, and the token endpoint, spoken to over HTTP by Google's own client. What it holds lives
 * in this process; nothing of it imports anything of the rest of sqlflow.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { applyBatch } from './requests/index.ts'
import { notFound } from './model/google-error.ts'
import type { JsonObject, Spreadsheet } from './model/spreadsheet.ts'
import { FaultList, type Fault } from './http/faults.ts'
import { googleLimits, QuotaClock, type QuotaLimits } from './http/quota.ts'
import { share } from './http/drive-api.ts'
import { createEmulatorServer, type LoggedRequest, type SeenRequest } from './http/server.ts'
import { takeSnapshot, typedValues, type SpreadsheetSnapshot, type TabSnapshot } from './snapshot.ts'
import { issueKey, newAccount, newKeyPair, sharedKeyPair, type Account, type ServiceAccountKey } from './world/account.ts'
import { addFile, addSpreadsheet, commit, newSpreadsheet, permission, type DriveFile, type Role, type World } from './world/world.ts'

export type { Fault, FaultKind } from './http/faults.ts'
export type { LoggedRequest, RequestKind, SeenRequest } from './http/server.ts'
export type { SnapshotValue, SpreadsheetSnapshot, TabSnapshot } from './snapshot.ts'
export type { ServiceAccountKey } from './world/account.ts'
export type { Role } from './world/world.ts'

export interface EmulatorOptions {
  readonly host?: string
  /** 0, the default: any that is free. */
  readonly port?: number
  /** Absent: none. `google`: 60 reads and 60 writes a minute for each account, 300 for its project. */
  readonly quota?: 'google' | QuotaLimits
  /** Milliseconds since 1970: times, quotas and tokens go by it. */
  readonly now?: () => number
  /** A spreadsheet that is asked for and not there is made. */
  readonly createsMissing?: boolean
}

export interface SpreadsheetOptions {
  readonly id?: string
  readonly title: string
  /** One tab each, of 1000 rows and 26 columns: its name, and the values it begins with. Absent: `Sheet1`, empty. */
  readonly tabs?: Readonly<Record<string, readonly (readonly (string | number | boolean | null)[])[]>>
  readonly locale?: string
  readonly timeZone?: string
  /** By email; absent: the first service account may edit. */
  readonly sharedWith?: Readonly<Record<string, Role>>
}

export interface SheetsEmulator extends AsyncDisposable {
  /** With a slash at its end: the client's `rootUrl`. */
  readonly url: string
  /** The key file of a service account: the first one, or that of `name`, made when it is asked for. Its `token_uri` is the emulator's. */
  serviceAccount: (name?: string) => ServiceAccountKey
  /** Another key for it; the ones before are deleted, as in Google's console. */
  rotateKey: (name?: string) => ServiceAccountKey
  deleteAccount: (email: string) => void
  /** Allows the service account to act as users of its domain, in these scopes. */
  delegate: (email: string, scopes: readonly string[]) => void
  /** A person with a Google account. Returns the email. */
  user: (email: string) => string
  /** Returns the id. */
  createSpreadsheet: (options: SpreadsheetOptions) => string
  /** A file of another kind, an Excel workbook say. Returns the id. */
  createFile: (options: {
    readonly id?: string
    readonly title: string
    readonly mimeType: string
    readonly sharedWith?: Readonly<Record<string, Role>>
  }) => string
  /** `none` takes it away. */
  share: (id: string, email: string, role: Role | 'none') => void
  delete: (id: string) => void
  /** Turns an API of a project off or on again: `sheets.googleapis.com`. */
  enableApi: (service: string, enabled: boolean) => void
  /** Access tokens that were given are taken no more. */
  revokeTokens: () => void
  snapshot: (id: string) => SpreadsheetSnapshot
  /** Of one tab, by title. */
  values: (id: string, tab: string) => TabSnapshot['values']
  /** What people do to it meanwhile: requests of `batchUpdate`, as its owner. */
  edit: (id: string, requests: readonly object[]) => readonly JsonObject[]
  /** Every request that was met, in order of its answers. */
  readonly requests: readonly LoggedRequest[]
  readonly faults: { readonly add: (fault: Fault) => void; readonly clear: () => void; readonly pending: number }
  /** Awaited before each request is applied. */
  onRequest: (listener: (request: SeenRequest) => void | Promise<void>) => void
  /** Awaited after each that changed a file, before it is answered. */
  onCommit: (listener: (request: SeenRequest, fileId: string) => void | Promise<void>) => void
  close: () => Promise<void>
}

const projectNumber = '123456789012'
const owner = 'owner@example.com'
const firstAccount = 'exporter'

export async function startSheetsEmulator(options: EmulatorOptions = {}): Promise<SheetsEmulator> {
  const now = options.now ?? Date.now
  const world: World = {
    files: new Map(),
    accounts: new Map(),
    tokens: new Map(),
    disabledApis: new Set(),
    now,
    createsMissing: options.createsMissing ?? false,
    onChange: () => undefined,
  }
  const faults = new FaultList()
  const requests: LoggedRequest[] = []
  const requestListeners: ((request: SeenRequest) => void | Promise<void>)[] = []
  const commitListeners: ((request: SeenRequest, fileId: string) => void | Promise<void>)[] = []
  const server = createEmulatorServer({
    world,
    quota: options.quota === undefined ? undefined : new QuotaClock(options.quota === 'google' ? googleLimits : options.quota, now),
    faults,
    onRequest: async (request) => {
      for (const listener of requestListeners) await listener(request)
    },
    onCommit: async (request, fileId) => {
      for (const listener of commitListeners) await listener(request, fileId)
    },
    onAnswer: (request) => void requests.push(request),
    servePage: async () => false,
  })
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://${options.host ?? '127.0.0.1'}:${port}/`
  world.accounts.set(owner, newAccount('user', owner, projectNumber))

  const keys = new Map<string, ServiceAccountKey>()
  const serviceAccount = (name = firstAccount): ServiceAccountKey => {
    const known = keys.get(name)
    if (known) return known
    const account = newAccount('service', serviceEmail(name), projectNumber)
    world.accounts.set(account.email, account)
    const key = issueKey(account, url, sharedKeyPair())
    keys.set(name, key)
    return key
  }
  serviceAccount()

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return {
    url,
    serviceAccount,
    rotateKey: (name = firstAccount) => {
      const account = findAccount(world, serviceAccount(name).client_email)
      account.keys.clear()
      const key = issueKey(account, url, newKeyPair())
      keys.set(name, key)
      return key
    },
    deleteAccount: (email) => void world.accounts.delete(email),
    delegate: (email, scopes) => {
      findAccount(world, email).delegated = scopes
    },
    user: (email) => {
      world.accounts.set(email, newAccount('user', email, projectNumber))
      return email
    },
    createSpreadsheet: ({ id, title, locale, timeZone, tabs, sharedWith }) => {
      const empty = newSpreadsheet({ title, locale, timeZone })
      const spreadsheet = tabs ? withTabs(empty, tabs) : empty
      return addSpreadsheet(world, { id, title, permissions: permissionsOf(sharedWith), spreadsheet }).id
    },
    createFile: ({ id, title, mimeType, sharedWith }) => addFile(world, { id, title, mimeType, permissions: permissionsOf(sharedWith) }).id,
    share: (id, email, role) => {
      const file = findFile(world, id)
      if (role === 'none') file.permissions = file.permissions.filter((one) => one.email !== email)
      else share(file, permission(email, role))
    },
    delete: (id) => void world.files.delete(id),
    enableApi: (service, enabled) => {
      if (enabled) world.disabledApis.delete(`${projectNumber}/${service}`)
      else world.disabledApis.add(`${projectNumber}/${service}`)
    },
    revokeTokens: () => world.tokens.clear(),
    snapshot: (id) => takeSnapshot({ id, modifiedTime: findFile(world, id).modifiedTime, spreadsheet: spreadsheetOf(world, id) }),
    values: (id, tab) => {
      const spreadsheet = spreadsheetOf(world, id)
      const sheet = spreadsheet.sheets.find(({ title }) => title === tab)
      if (!sheet) throw new Error(`There is no tab ${tab}; there are ${spreadsheet.sheets.map(({ title }) => title).join(', ')}.`)
      return typedValues(spreadsheet, sheet)
    },
    edit: (id, edits) => {
      const { spreadsheet, replies } = applyBatch(spreadsheetOf(world, id), edits as readonly JsonObject[], ownerOf)
      commit(world, findFile(world, id), spreadsheet)
      return replies
    },
    requests,
    faults,
    onRequest: (listener) => void requestListeners.push(listener),
    onCommit: (listener) => void commitListeners.push(listener),
    close,
    [Symbol.asyncDispose]: close,
  }

  function permissionsOf(sharedWith: Readonly<Record<string, Role>> | undefined): DriveFile['permissions'] {
    const shared: Readonly<Record<string, Role>> = sharedWith ?? { [serviceAccount().client_email]: 'writer' }
    return [permission(owner, 'owner'), ...Object.entries(shared).map(([email, role]) => permission(email, role))]
  }
}

const ownerOf = { email: owner, project: projectNumber, isOwner: true } as const

function serviceEmail(name: string): string {
  return name.includes('@') ? name : `${name}@sheets-emulator.iam.gserviceaccount.com`
}

function findAccount({ accounts }: World, email: string): Account {
  const account = accounts.get(email)
  if (!account) throw new Error(`There is no account ${email}.`)
  return account
}

function findFile({ files }: World, id: string): DriveFile {
  const file = files.get(id)
  if (!file) throw notFound()
  return file
}

function spreadsheetOf(world: World, id: string): Spreadsheet {
  const { spreadsheet } = findFile(world, id)
  if (!spreadsheet) throw new Error(`${id} is no Google spreadsheet.`)
  return spreadsheet
}

/** The first tab has the sheetId 0, as in a spreadsheet that Google makes. */
function withTabs(spreadsheet: Spreadsheet, tabs: NonNullable<SpreadsheetOptions['tabs']>): Spreadsheet {
  const titles = Object.keys(tabs)
  const idOf = (index: number): number => (index === 0 ? 0 : index * 1000 + 1)
  const added = titles.map((title, index) => ({ addSheet: { properties: { sheetId: idOf(index), title } } }))
  const filled = titles.flatMap((title, index) => {
    const rows = tabs[title]!.map((row) => ({ values: row.map((value) => ({ userEnteredValue: extendedValue(value) })) }))
    return rows.length === 0 ? [] : [{ appendCells: { sheetId: idOf(index), rows, fields: 'userEnteredValue' } }]
  })
  return titles.length === 0 ? spreadsheet : applyBatch({ ...spreadsheet, sheets: [] }, [...added, ...filled], ownerOf).spreadsheet
}

/** Text that begins with `=` is a formula, as people type it. */
function extendedValue(value: string | number | boolean | null): JsonObject {
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return value?.startsWith('=') === true ? { formulaValue: value } : { stringValue: value ?? '' }
}
