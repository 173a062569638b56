/**
 * A loopback server that answers as a test says: what Google's client really sends is looked at, and faults come at every place. The Google
 * Sheets emulator answers as Google does; this one answers wrongly on purpose.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Clock } from '../../../src/exports/destinations/google-sheets/clock.ts'
import type { GoogleAccount } from '../../../src/exports/destinations/google-sheets/find-account.ts'
import { parseGoogleCredentials } from '../../../src/exports/destinations/google-sheets/google-credentials.ts'
import { openGoogleApi, type GoogleApiOptions } from '../../../src/exports/destinations/google-sheets/open-google-api.ts'
import type { GoogleApi } from '../../../src/exports/destinations/google-sheets/google-api.ts'

export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** `reset`: the connection is cut; `silence`: no answer ever comes; `half`: the answer is cut off. */
export type Answer =
  | { readonly status: number; readonly json?: unknown; readonly text?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'silence'
  | 'half'

type Respond = (request: SeenRequest) => Answer

export interface GoogleServer extends AsyncDisposable {
  /** With a slash at the end. */
  readonly url: string
  /** Calls to the APIs. */
  readonly calls: SeenRequest[]
  /** Calls to the token endpoint and its like. */
  readonly logins: SeenRequest[]
  /** Answers to the next calls; after them, and without them, all is well. */
  answer(...answers: readonly (Answer | Respond)[]): void
  answerLogin(...answers: readonly (Answer | Respond)[]): void
  /** What was planned and not asked for. */
  forgetAnswers(): void
}

const loginPath = /^\/(?:token|tokeninfo|v1\/|computeMetadata|o\/oauth2|sts|oidc|revoke)/

export async function openGoogleServer(): Promise<GoogleServer> {
  const seen: { calls: SeenRequest[]; logins: SeenRequest[] } = { calls: [], logins: [] }
  const planned: { calls: (Answer | Respond)[]; logins: (Answer | Respond)[] } = { calls: [], logins: [] }
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await buffer(request)).toString('utf8')
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      const group = loginPath.test(one.path) ? 'logins' : 'calls'
      seen[group].push(one)
      const next =
        planned[group].shift() ?? (group === 'logins' ? wellLogin(one, seen.logins.length) : { status: 200, json: wellAnswer(one) })
      send(response, typeof next === 'function' ? next(one) : next)
    })()
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ...seen,
    answer: (...answers) => void planned.calls.push(...answers),
    answerLogin: (...answers) => void planned.logins.push(...answers),
    forgetAnswers: () => {
      planned.calls = []
      planned.logins = []
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Of a person who allows everything at once. */
function consent(path: string): Answer {
  const asked = new URL(path, 'http://google').searchParams
  const answer = new URLSearchParams({ code: `code-for-${asked.get('code_challenge')}`, state: asked.get('state') ?? '' })
  return { status: 302, text: '', headers: { location: `${asked.get('redirect_uri')}?${answer.toString()}` } }
}

function idTokenOf(email: string): string {
  return `h.${Buffer.from(JSON.stringify({ email })).toString('base64url')}.s`
}

function wellLogin({ path, body }: SeenRequest, count: number): Answer {
  if (path.startsWith('/o/oauth2/auth')) return consent(path)
  if (path.startsWith('/revoke')) return { status: 200, json: {} }
  if (body.includes('grant_type=authorization_code')) {
    const scope = 'openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/spreadsheets'
    const id_token = idTokenOf('ada@field.example')
    return { status: 200, json: { access_token: `token-${count}`, expires_in: 3600, refresh_token: '1//refresh-hush', scope, id_token } }
  }
  if (path.includes(':generateAccessToken')) {
    return { status: 200, json: { accessToken: `acting-${count}`, expireTime: new Date(Date.now() + 3_600_000).toISOString() } }
  }
  if (path.includes(':signJwt')) return { status: 200, json: { signedJwt: 'signed.by.google' } }
  if (path.startsWith('/tokeninfo'))
    return { status: 200, json: { email: 'ada@field.example', scope: 'openid https://www.googleapis.com/auth/spreadsheets' } }
  return { status: 200, json: { access_token: `token-${count}`, expires_in: 3600, issued_token_type: 'x', token_type: 'Bearer' } }
}

function wellAnswer({ method, path }: SeenRequest): unknown {
  if (path.includes('/values:batchGet'))
    return {
      valueRanges: [
        {
          range: 'A1:B2',
          values: [
            ['id', 'zip'],
            [1, '00501'],
          ],
        },
        { range: 'C1' },
      ],
    }
  if (path.includes(':batchUpdate')) return { replies: [{}] }
  return method === 'GET' ? { spreadsheetId: 's1', properties: { title: 'Volunteers' } } : { updatedCells: 1 }
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return
  if (answer === 'reset') return void response.socket?.resetAndDestroy()
  if (answer === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    response.write('{"spreadsheetId":', () => response.socket?.destroy())
    return
  }
  const { status, json, text, headers } = answer
  response.writeHead(status, { 'content-type': json === undefined ? 'text/html' : 'application/json; charset=UTF-8', ...headers })
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json))
}

/** Google's errors as its APIs write them. */
export function failure(code: number, status: string, message: string, details?: readonly unknown[]): Answer {
  return { status: code, json: { error: { code, message, status, ...(details && { details }) } } }
}

export const quotaExceeded = failure(
  429,
  'RESOURCE_EXHAUSTED',
  "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'.",
  [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED', domain: 'googleapis.com' }],
)
export const unavailable = failure(503, 'UNAVAILABLE', 'The service is currently unavailable.')
export const internal = failure(500, 'INTERNAL', 'Internal error encountered.')

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
export const pem = privateKey

let accounts = 0

/** Of its own each time, so that no test shares a budget with another. */
export function keyJson(url: string, more: object = {}): string {
  accounts += 1
  return JSON.stringify({
    type: 'service_account',
    client_email: `exports-${accounts}@field.iam.gserviceaccount.com`,
    private_key: pem,
    private_key_id: 'k1',
    token_uri: `${url}token`,
    ...more,
  })
}

export function accountFrom(json: string, more: Partial<GoogleAccount> = {}): GoogleAccount {
  return { credentials: parseGoogleCredentials(json, 'The key'), from: 'the key', impersonate: undefined, subject: undefined, ...more }
}

/** Time that passes only by waiting. */
export function virtualClock(): Clock & { readonly waits: number[] } {
  let now = Date.now()
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted()
      waits.push(milliseconds)
      now += milliseconds
    },
  }
}

export interface Opened {
  readonly api: GoogleApi
  readonly clock: ReturnType<typeof virtualClock>
  readonly waits: string[]
  readonly retries: string[]
  readonly abort: AbortController
}

export async function openApi(
  server: GoogleServer,
  more: Partial<GoogleApiOptions> & { readonly account?: GoogleAccount } = {},
): Promise<Opened> {
  const clock = virtualClock()
  const waits: string[] = []
  const retries: string[] = []
  const abort = new AbortController()
  const api = await openGoogleApi(more.account ?? accountFrom(keyJson(server.url)), {
    endpoint: server.url,
    signal: abort.signal,
    onWait: (reason) => waits.push(reason),
    onRetry: (reason, attempt) => retries.push(`${attempt}: ${reason}`),
    clock,
    ...more,
  })
  return { api, clock, waits, retries, abort }
}
