/** The endpoints of Google's other services that give tokens; they need no token themselves, but for acting as a service account. */
import type { Accounts } from './accounts.ts'
import { isObject, type JsonObject } from './json.ts'

interface AuthCall {
  readonly method: string
  readonly path: string
  readonly body: Buffer
  readonly authorization: string | undefined
}

interface AuthAnswer {
  readonly status: number
  readonly body: JsonObject
}

/** Undefined for a call that is about something else. Throws ApiError. */
export function answerAuth(accounts: Accounts, { method, path, body, authorization }: AuthCall): AuthAnswer | undefined {
  if (method !== 'POST') return undefined
  const form = (): URLSearchParams => new URLSearchParams(body.toString('utf8'))
  if (path === '/token') return accounts.token(form())
  if (path === '/v1/token') return accounts.exchange(form())
  if (path === '/revoke') return accounts.revoke(form().get('token') ?? '')
  if (path === '/tokeninfo') return accounts.tokenInfo(form().get('access_token') ?? '')
  const acting = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(generateAccessToken|signJwt)$/.exec(path)
  if (!acting) return undefined
  return { status: 200, body: accounts.act(acting[1]!, acting[2]!, readObject(body), authorization) }
}

function readObject(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
