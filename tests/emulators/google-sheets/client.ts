/** The emulator as an app meets it: Google's own client, unchanged but for the address, and a token that the emulator gave. */
import { createSign } from 'node:crypto'
import { drive, type drive_v3 } from '@googleapis/drive'
import { auth, sheets, type sheets_v4 } from '@googleapis/sheets'
import {
  startSheetsEmulator,
  type SheetsEmulator,
  type SheetsEmulatorOptions,
} from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'

export type Request = sheets_v4.Schema$Request

const scopes = ['spreadsheets', 'drive.file'].map((scope) => `https://www.googleapis.com/auth/${scope}`)

export interface Connected extends AsyncDisposable {
  readonly emulator: SheetsEmulator
  readonly sheets: sheets_v4.Sheets
  readonly drive: drive_v3.Drive
  /** A spreadsheet that is shared with the client's account. */
  readonly id: string
  readonly email: string
  /** Applies a batch; throws what the client throws. */
  readonly batch: (...requests: readonly Request[]) => Promise<readonly sheets_v4.Schema$Response[]>
  /** Values of a range, as they are. */
  readonly read: (range: string) => Promise<readonly (readonly unknown[])[]>
  readonly write: (
    range: string,
    values: readonly (readonly unknown[])[],
    input?: 'RAW' | 'USER_ENTERED',
  ) => Promise<sheets_v4.Schema$UpdateValuesResponse>
}

export async function connect(options: SheetsEmulatorOptions = {}, tabs: readonly string[] = ['Turf']): Promise<Connected> {
  const emulator = await startSheetsEmulator(options)
  const { client_email: email } = emulator.serviceAccount()
  const id = emulator.createSpreadsheet({ id: 'field-plan', title: 'Field plan', tabs, sharedWith: [email] })
  const clients = clientsOf(emulator, await tokenOf(emulator, options.now))
  const spreadsheetId = id
  return {
    ...clients,
    emulator,
    id,
    email,
    batch: async (...requests) => {
      const { data } = await clients.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests: [...requests] } })
      return data.replies ?? []
    },
    read: async (range) => {
      const { data } = await clients.sheets.spreadsheets.values.get({ spreadsheetId, range, valueRenderOption: 'UNFORMATTED_VALUE' })
      return data.values ?? []
    },
    write: async (range, values, input = 'RAW') => {
      const requestBody = { values: values.map((row) => [...row]) }
      return (await clients.sheets.spreadsheets.values.update({ spreadsheetId, range, valueInputOption: input, requestBody })).data
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}

export function clientsOf(emulator: SheetsEmulator, token: string): { readonly sheets: sheets_v4.Sheets; readonly drive: drive_v3.Drive } {
  const client = new auth.OAuth2()
  client.setCredentials({ access_token: token })
  const shared = { auth: client, rootUrl: emulator.url, retry: false }
  return { sheets: sheets({ version: 'v4', ...shared }), drive: drive({ version: 'v3', ...shared }) }
}

export interface Claims {
  readonly scope?: string
  readonly sub?: string
  readonly aud?: string
  readonly iat?: number
  readonly exp?: number
}

/** What a service account signs to be given a token. */
function assertionOf(emulator: SheetsEmulator, claims: Claims = {}, now: () => number = Date.now, name?: string): string {
  const key = emulator.serviceAccount(name)
  const iat = Math.floor(now() / 1000)
  const usual = { iss: key.client_email, scope: scopes.join(' '), aud: key.token_uri, iat, exp: iat + 3600 }
  const signed = [
    { alg: 'RS256', typ: 'JWT' },
    { ...usual, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.private_key, 'base64url')}`
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Posts a form to an endpoint of the emulator. */
export async function post(emulator: SheetsEmulator, path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(new URL(path, emulator.url), { method: 'POST', body: new URLSearchParams(form) })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

export async function tokenOf(emulator: SheetsEmulator, now?: () => number, claims?: Claims, name?: string): Promise<string> {
  const assertion = assertionOf(emulator, claims, now, name)
  const { body } = await post(emulator, 'token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
  return String(body['access_token'])
}

export interface Refusal {
  readonly code: number
  readonly status: string
  readonly message: string
  readonly details?: readonly Readonly<Record<string, unknown>>[]
  readonly errors?: readonly Readonly<Record<string, unknown>>[]
}

/** What was refused, as the API says it; throws where nothing was. */
async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call
  } catch (error) {
    const told: unknown = error instanceof Error && 'response' in error ? Reflect.get(Object(error.response), 'data') : undefined
    if (typeof told === 'object' && told !== null && 'error' in told) return told.error as Refusal
    throw error
  }
  throw new Error('Nothing was refused.')
}

export async function messageOf(call: Promise<unknown>): Promise<string> {
  return (await refusalOf(call)).message
}

/** A row of cells. */
export function row(...values: readonly (string | number | boolean | null)[]): sheets_v4.Schema$RowData {
  return { values: values.map((value) => (value === null ? {} : { userEnteredValue: extended(value) })) }
}

function extended(value: string | number | boolean): sheets_v4.Schema$ExtendedValue {
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return value.startsWith('=') ? { formulaValue: value } : { stringValue: value }
}
