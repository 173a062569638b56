/**
 * The Google Sheets emulator: Sheets v4, the part of Drive v3 that exports need, and the token endpoint, spoken to over HTTP by Google's own client. What it holds lives
 * in this process; nothing of it imports anything of the rest of sqlflow.
 */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { applyBatch } from './requests/index.ts'
import { notFound } from './model/google-error.ts'
import type { JsonObject, Spreadsheet } from './model/spreadsheet.ts'
import { keyFile, openKeptData, type KeptData } from './world/kept-data.ts'
import { createPage } from './page/serve-page.ts'
import { FaultList } from './http/faults.ts'
import { poolAudience, principalOf, subjectToken } from './http/federation.ts'
import { signLogin } from './http/user-login.ts'
import { googleLimits, QuotaClock } from './http/quota.ts'
import { createEmulatorServer, type LoggedRequest, type SeenRequest } from './http/server.ts'
import { takeSnapshot, typedValues, type SpreadsheetSnapshot, type TabSnapshot } from './snapshot.ts'
import { issueKey, newAccount, newKeyPair, sharedKeyPair, type Account, type ServiceAccountKey } from './world/account.ts'
import {
  addFile,
  addSpreadsheet,
  commit,
  grant,
  newSpreadsheet,
  permission,
  projectNumber,
  type DriveFile,
  type Role,
  type World,
} from './world/world.ts'

export { KeptDataError } from './world/kept-data.ts'
export type { LoggedRequest } from './http/server.ts'
export type { ServiceAccountKey } from './world/account.ts'
export type { SpreadsheetSnapshot, TabSnapshot } from './snapshot.ts'

export interface SheetsEmulatorOptions {
  readonly host?: string
  /** Any that is free when absent. */
  readonly port?: number
  /** 60 reads and 60 writes a minute for each account, 300 for its project; none when absent. */
  readonly quota?: boolean
  /** Milliseconds since 1970: times, quotas and tokens go by it. */
  readonly now?: () => number
  /** A spreadsheet that is asked for and not there is made, and every one is shared with who asks. */
  readonly createMissing?: boolean
  /** A folder: what it holds is kept there, and is there again at the next start. In memory alone when absent. */
  readonly data?: string
}

export interface NewSpreadsheetOptions {
  readonly id?: string
  readonly title: string
  /** Titles; or titles with the values that each begins with, where text that begins with `=` is a formula. One `Sheet1` when absent. The first has the sheetId 0. */
  readonly tabs?: readonly string[] | Readonly<Record<string, readonly (readonly (string | number | boolean | null)[])[]>>
  readonly locale?: string
  readonly timeZone?: string
  /** Emails of editors; nobody when absent. */
  readonly sharedWith?: readonly string[]
}

export interface FederationOptions {
  readonly serviceAccount: string
  /** Who the workload is, as its own tokens say: `repo:field/turf:ref:refs/heads/main`. */
  readonly subject: string
  /** The file that holds its token; absent: it is asked of the emulator, as of GitHub. */
  readonly file?: string
}

export interface SheetsEmulator extends AsyncDisposable {
  /** With a slash at its end: the client's `rootUrl`. */
  readonly url: string
  /** With `data`: the file of the first service account's key. */
  readonly credentials?: string
  /** The key file of a service account: the first one, or that of `name`, made when it is asked for. Its `token_uri` is the emulator's. */
  serviceAccount(name?: string): ServiceAccountKey
  /** Another key for it; the ones before are deleted, as in Google's console. */
  rotateKey(name?: string): ServiceAccountKey
  deleteAccount(email: string): void
  /** Allows the service account to act as users of its domain, in these scopes. */
  delegate(email: string, scopes: readonly string[]): void
  /** Lets a service account, or the workload of `federation`, ask for tokens of the service account `target`. */
  allowImpersonation(email: string, target: string): void
  /** The configuration by which a workload without a key acts as the service account: what google-github-actions/auth writes. */
  federation(options: FederationOptions): JsonObject
  /** The token that a workload brings from elsewhere, for a file. */
  subjectToken(subject: string): string
  /** A program that people log in to. */
  readonly oauthClient: { readonly installed: JsonObject }
  /** A login of a person that lasts: the refresh token that consent would have given to `oauthClient`. */
  refreshToken(email: string, scopes: readonly string[]): string
  /** A person with a Google account. */
  addUser(email: string): void
  /** Returns the id. */
  createSpreadsheet(options: NewSpreadsheetOptions): string
  /** As people do by the menu: everything goes along, metadata of programs too. Returns the id. */
  copySpreadsheet(id: string, copy: Pick<NewSpreadsheetOptions, 'id' | 'title' | 'sharedWith'>): string
  /** A file of another kind, an Excel workbook say. Returns the id. */
  createFile(options: Pick<NewSpreadsheetOptions, 'id' | 'title' | 'sharedWith'> & { readonly mimeType: string }): string
  /** `none` takes it away. */
  share(id: string, email: string, role: Role | 'none'): void
  deleteFile(id: string): void
  /** Turns an API of all projects off or on again: `sheets.googleapis.com`. */
  enableApi(service: string, enabled: boolean): void
  /** Access tokens that were given are taken no more. */
  revokeTokens(): void
  /** Ids of all spreadsheets. */
  spreadsheets(): readonly string[]
  snapshot(id: string): SpreadsheetSnapshot
  /** Of one tab, by title: cells as they were typed, `''` for an empty one; trailing empty ones are left out. */
  values(id: string, tab: string): TabSnapshot['values']
  /** What people do to it meanwhile, without a call: requests of `batchUpdate`, as its owner. */
  edit(id: string, requests: readonly object[]): readonly JsonObject[]
  /** Remembers the spreadsheet as it is; what comes back puts it back. */
  checkpoint(id: string): () => void
  /** Every request that was met, in the order of its answers. */
  readonly requests: readonly LoggedRequest[]
  readonly faults: Pick<FaultList, 'add' | 'clear' | 'pending'>
  /** Told of each request as it is answered. */
  onAnswer(listener: (request: LoggedRequest) => void): void
  /** Awaited before each request is applied. */
  onRequest(listener: (request: SeenRequest) => unknown): void
  /** Called after each change of a spreadsheet; awaited before a call is answered. */
  onCommit(listener: (id: string) => unknown): void
  close(): Promise<void>
}

const owner = 'owner@emulator.example'
const firstAccount = 'sqlflow'

export async function startSheetsEmulator(options: SheetsEmulatorOptions = {}): Promise<SheetsEmulator> {
  const { host = '127.0.0.1', port = 0, now = Date.now } = options
  const kept = options.data === undefined ? undefined : openKeptData(options.data)
  const changeListeners = new Set<(file: DriveFile) => void>()
  const world: World = {
    files: new Map(kept?.files.map((file) => [file.id, file])),
    accounts: new Map(),
    keys: kept?.keys ?? sharedKeyPair(),
    consents: new Map(),
    revoked: new Set(),
    tokens: new Map(),
    disabledApis: new Set(),
    now,
    createsMissing: options.createMissing ?? false,
    onChange: (file) => {
      for (const listener of changeListeners) listener(file)
    },
  }
  const faults = new FaultList()
  const requests: LoggedRequest[] = []
  const answerListeners: ((request: LoggedRequest) => void)[] = []
  const requestListeners: ((request: SeenRequest) => unknown)[] = []
  const commitListeners: ((id: string) => unknown)[] = []
  const server = createEmulatorServer({
    world,
    quota: options.quota === true ? new QuotaClock(googleLimits, now) : undefined,
    faults,
    onRequest: async (request) => {
      for (const listener of requestListeners) await listener(request)
    },
    onCommit: async (id) => {
      for (const listener of commitListeners) await listener(id)
    },
    onAnswer: (request) => {
      requests.push(request)
      for (const listener of answerListeners) listener(request)
    },
    servePage: createPage({
      world,
      owner,
      accounts: () => [...world.accounts.values()].flatMap(({ kind, email }) => (kind === 'service' ? [email] : [])),
      onChange: (listener) => {
        changeListeners.add(listener)
        return () => void changeListeners.delete(listener)
      },
    }),
  })
  const url = `http://${printHost(host)}:${await listen(server, port, host, kept)}/`
  world.accounts.set(owner, newAccount('user', owner, projectNumber))

  const keys = new Map<string, ServiceAccountKey>()
  const serviceAccount = (name = firstAccount): ServiceAccountKey => {
    const known = keys.get(name)
    if (known) return known
    const account = newAccount('service', serviceEmail(name), projectNumber)
    world.accounts.set(account.email, account)
    const key = issueKey(account, url, world.keys, name === firstAccount ? kept?.keyId : undefined)
    keys.set(name, key)
    return key
  }
  serviceAccount()
  const credentials = kept?.saveSecret(keyFile, serviceAccount())
  kept?.saveSecret('oauth-client.json', oauthClientOf(url))
  if (kept) changeListeners.add(kept.save)

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    kept?.close()
  }
  return {
    url,
    ...(credentials !== undefined && { credentials }),
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
    allowImpersonation: (email, target) => void findAccount(world, target).impersonators.add(email),
    federation: ({ serviceAccount: target, subject, file }) => {
      findAccount(world, target).impersonators.add(principalOf(subject))
      const source = {
        url: `${url}oidc/token?subject=${encodeURIComponent(subject)}`,
        format: { type: 'json', subject_token_field_name: 'value' },
      }
      return {
        type: 'external_account',
        audience: poolAudience,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${url}v1/token`,
        service_account_impersonation_url: `${url}v1/projects/-/serviceAccounts/${target}:generateAccessToken`,
        credential_source: file === undefined ? source : { file },
      }
    },
    subjectToken: (subject) => subjectToken(world.keys, subject, now()),
    oauthClient: oauthClientOf(url),
    refreshToken: (email, scopes) => signLogin(world, { email, clientId, scopes }),
    addUser: (email) => void world.accounts.set(email, newAccount('user', email, projectNumber)),
    createSpreadsheet: ({ id, title, locale, timeZone, tabs, sharedWith }) => {
      const empty = newSpreadsheet({ title, locale, timeZone })
      const spreadsheet = tabs ? withTabs(empty, tabs) : empty
      return addSpreadsheet(world, { id, title, permissions: permissionsOf(sharedWith), spreadsheet }).id
    },
    copySpreadsheet: (id, { id: copyId, title, sharedWith }) => {
      const spreadsheet = { ...spreadsheetOf(world, id), title }
      return addSpreadsheet(world, { id: copyId, title, permissions: permissionsOf(sharedWith), spreadsheet }).id
    },
    createFile: ({ id, title, mimeType, sharedWith }) => addFile(world, { id, title, mimeType, permissions: permissionsOf(sharedWith) }).id,
    share: (id, email, role) => grant(world, findFile(world, id), email, role),
    deleteFile: (id) => {
      world.files.delete(id)
      kept?.remove(id)
    },
    enableApi: (service, enabled) => {
      if (enabled) world.disabledApis.delete(service)
      else world.disabledApis.add(service)
    },
    revokeTokens: () => world.tokens.clear(),
    spreadsheets: () => [...world.files.values()].flatMap(({ id, spreadsheet }) => (spreadsheet ? [id] : [])),
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
      for (const listener of commitListeners) listener(id)
      return replies
    },
    checkpoint: (id) => {
      const spreadsheet = spreadsheetOf(world, id)
      return () => commit(world, findFile(world, id), spreadsheet)
    },
    requests,
    faults,
    onAnswer: (listener) => void answerListeners.push(listener),
    onRequest: (listener) => void requestListeners.push(listener),
    onCommit: (listener) => void commitListeners.push(listener),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const clientId = 'sheets-emulator.apps.googleusercontent.com'

/** The file that Google gives for a program on people's own machines. */
function oauthClientOf(url: string): { readonly installed: JsonObject } {
  return {
    installed: {
      client_id: clientId,
      project_id: 'emulator',
      auth_uri: `${url}o/oauth2/auth`,
      token_uri: `${url}token`,
      client_secret: 'GOCSPX-emulator',
      redirect_uris: ['http://localhost'],
    },
  }
}

function permissionsOf(editors: readonly string[] = []): DriveFile['permissions'] {
  return [permission(owner, 'owner'), ...editors.map((email) => permission(email, 'writer'))]
}

/** An address that a browser can open. */
function printHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Returns the port. Throws what the system says where it is taken. */
async function listen(server: Server, port: number, host: string, kept: KeptData | undefined): Promise<number> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    kept?.close()
    throw error
  }
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

const ownerOf = { email: owner, project: projectNumber, isOwner: true } as const

function serviceEmail(name: string): string {
  return name.includes('@') ? name : `${name}@emulator.iam.gserviceaccount.com`
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
function withTabs(spreadsheet: Spreadsheet, tabs: NonNullable<NewSpreadsheetOptions['tabs']>): Spreadsheet {
  const contents = Object.entries(isTitles(tabs) ? Object.fromEntries(tabs.map((title) => [title, []])) : tabs)
  const idOf = (index: number): number => (index === 0 ? 0 : index * 1000 + 1)
  const added = contents.map(([title], index) => ({ addSheet: { properties: { sheetId: idOf(index), title } } }))
  const filled = contents.flatMap(([, values], index) => {
    const rows = values.map((row) => ({ values: row.map((value) => ({ userEnteredValue: extendedValue(value) })) }))
    return rows.length === 0 ? [] : [{ appendCells: { sheetId: idOf(index), rows, fields: 'userEnteredValue' } }]
  })
  return contents.length === 0 ? spreadsheet : applyBatch({ ...spreadsheet, sheets: [] }, [...added, ...filled], ownerOf).spreadsheet
}

function isTitles(tabs: NonNullable<NewSpreadsheetOptions['tabs']>): tabs is readonly string[] {
  return Array.isArray(tabs)
}

/** Text that begins with `=` is a formula, as people type it. */
function extendedValue(value: string | number | boolean | null): JsonObject {
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return value?.startsWith('=') === true ? { formulaValue: value } : { stringValue: value ?? '' }
}
