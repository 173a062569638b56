/** Google's own client, unmodified, speaking to the emulator as a service account of it. */
import { createSign } from 'node:crypto'
import { drive, type drive_v3 } from '@googleapis/drive'
import { sheets, type sheets_v4 } from '@googleapis/sheets'
import { OAuth2Client } from 'google-auth-library'
import type { SheetsEmulator } from '../../../src/emulators/google-sheets/start-sheets-emulator.ts'

const scopes = 'https://www.googleapis.com/auth/spreadsheets https://www.googleapis.com/auth/drive'

export interface GoogleClient {
  readonly sheets: sheets_v4.Sheets
  readonly drive: drive_v3.Drive
}

/** `name` of the service account. */
export function googleClient(emulator: SheetsEmulator, name?: string): GoogleClient {
  const auth = new OAuth2Client()
  auth.refreshHandler = async () => {
    const { access_token, expires_in } = await requestToken(emulator, name)
    return { access_token, expiry_date: Date.now() + expires_in * 1000 }
  }
  const options = { auth, rootUrl: emulator.url, retry: false } as const
  return { sheets: sheets({ version: 'v4', ...options }), drive: drive({ version: 'v3', ...options }) }
}

interface Token {
  readonly access_token: string
  readonly expires_in: number
}

async function requestToken(emulator: SheetsEmulator, name?: string): Promise<Token> {
  const { client_email, private_key, token_uri } = emulator.serviceAccount(name)
  const now = Math.floor(Date.now() / 1000)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: client_email, aud: token_uri, iat: now, exp: now + 3600, scope: scopes }
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(private_key, 'base64url')}`
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  const answer = await fetch(token_uri, { method: 'POST', body: new URLSearchParams(grant) })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Token
}

/** Status and message of a call that was refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && 'status' in error) return `${String(error.status)} ${error.message}`
    throw error
  }
  throw new Error('The call was not refused.')
}
