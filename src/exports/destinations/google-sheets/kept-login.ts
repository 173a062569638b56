/** The login that `sqlflow auth google` keeps on this machine: readable by its user alone. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SqlflowError } from '../../../core/errors.ts'
import { whyNotWritten } from '../../../project/write-aside.ts'
import { parseGoogleCredentials, type UserLogin } from './google-credentials.ts'
import { clientDefaults, type GoogleEndpoints } from './google-endpoints.ts'
import type { Login } from './log-in.ts'
import type { OAuthClient } from './oauth-client.ts'

/** Written as gcloud writes its own, so that one reader does for both. Throws SqlflowError `not-written`. */
export function keepLogin(path: string, client: OAuthClient, { email, refreshToken, scopes }: Login): void {
  const kept = {
    type: 'authorized_user',
    account: email,
    client_id: client.id,
    client_secret: client.secret,
    refresh_token: refreshToken,
    token_uri: client.tokenUri,
    scopes,
  }
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    rmSync(aside, { force: true })
    writeFileSync(aside, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(aside, 0o600)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw new SqlflowError('not-written', `The login was not kept in ${path}: ${whyNotWritten(error)}.`, { cause: error })
  }
}

export interface ForgottenLogin {
  readonly email: string | undefined
  /** Google forgot it too: false where it could not be asked, or knew nothing of it. */
  readonly revoked: boolean
}

/** Undefined where no login was kept. Throws SqlflowError `not-written` where it cannot be taken away. */
export async function forgetLogin(path: string, endpoints: GoogleEndpoints): Promise<ForgottenLogin | undefined> {
  let login: UserLogin | undefined
  try {
    const text = readFileSync(path, 'utf8')
    rmSync(path)
    const credentials = parseGoogleCredentials(text, path)
    if (credentials.type === 'authorized_user') login = credentials
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (!(error instanceof SqlflowError))
      throw new SqlflowError('not-written', `The login in ${path} was not taken away: ${whyNotWritten(error)}.`, { cause: error })
  }
  return { email: login?.email, revoked: login !== undefined && (await revoke(login, endpoints)) }
}

async function revoke({ refreshToken, tokenUri }: UserLogin, endpoints: GoogleEndpoints): Promise<boolean> {
  const { Gaxios } = (await import('google-auth-library')).gaxios
  const url = tokenUri === undefined ? endpoints.revoke : new URL('/revoke', tokenUri).href
  try {
    await new Gaxios(clientDefaults()).request({
      url,
      method: 'POST',
      data: new URLSearchParams({ token: refreshToken }),
      retry: false,
      timeout: 20_000,
    })
    return true
  } catch {
    return false
  }
}
