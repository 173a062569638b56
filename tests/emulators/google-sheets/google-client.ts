/** Google's own client, unmodified, speaking to the emulator as an account of it. */
import { createSign } from 'node:crypto'
import { drive, type drive_v3 } from '@googleapis/drive'
import { sheets, type sheets_v4 } from '@googleapis/sheets'
import { OAuth2Client } from 'google-auth-library'
import type { ServiceAccountKey } from '../../../src/emulators/google-sheets/accounts.ts'
import type { SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'

export const spreadsheetsScope = 'https://www.googleapis.com/auth/spreadsheets'
export const driveScope = 'https://www.googleapis.com/auth/drive'

export interface GoogleClient {
  readonly sheets: sheets_v4.Sheets
  readonly drive: drive_v3.Drive
}

export interface ClientOptions {
  readonly key?: ServiceAccountKey
  readonly scopes?: readonly string[]
  /** In place of those of a right assertion. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export function googleClient(
  emulator: SheetsEmulator,
  { key, scopes = [spreadsheetsScope, driveScope], claims = {} }: ClientOptions = {},
): GoogleClient {
  const auth = new OAuth2Client()
  auth.refreshHandler = async () => {
    const { access_token, expires_in } = await requestToken(key ?? emulator.serviceAccount(), { scope: scopes.join(' '), ...claims })
    return { access_token, expiry_date: Date.now() + expires_in * 1000 }
  }
  const options = { auth, rootUrl: emulator.url, retry: false } as const
  return { sheets: sheets({ version: 'v4', ...options }), drive: drive({ version: 'v3', ...options }) }
}

export interface Token {
  readonly access_token: string
  readonly expires_in: number
}

/** The grant that a service account makes with its key; `claims` replace those of a right one. */
async function requestToken(key: ServiceAccountKey, claims: Readonly<Record<string, unknown>>): Promise<Token> {
  const reply = await postAssertion(key.token_uri, signJwt(key, claims))
  if (reply.status !== 200) throw new Error(JSON.stringify(await reply.json()))
  return (await reply.json()) as Token
}

export function signJwt(
  { client_email, private_key, private_key_id, token_uri }: ServiceAccountKey,
  claims: Readonly<Record<string, unknown>>,
): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: private_key_id })}.${encode({ iss: client_email, aud: token_uri, iat: now, exp: now + 3600, ...claims })}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(private_key, 'base64url')}`
}

export async function postAssertion(tokenUri: string, assertion: string): Promise<Response> {
  return fetch(tokenUri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  })
}

/** What Google's error says, as the client throws it. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ readonly status: number; readonly message: string; readonly state?: string }> {
  try {
    await call
  } catch (error) {
    const { response } = error as {
      readonly response?: {
        readonly status: number
        readonly data: { readonly error: { readonly message: string; readonly status?: string } }
      }
    }
    if (!response) throw error
    const { message, status } = response.data.error
    return { status: response.status, message, ...(status !== undefined && { state: status }) }
  }
  throw new Error('The call was answered, not refused.')
}
