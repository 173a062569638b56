/**
 * Logging a person in: Google asks them in their browser, and sends the answer to a port of this machine. The code in it is worth nothing without
 * the verifier that never left (PKCE), and counts only with the state that this login began with.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CodeChallengeMethod, OAuth2Client, type Credentials } from 'google-auth-library'
import { SqlflowError } from '../../../core/errors.ts'
import type { CallFacts } from './google-errors.ts'
import { explainFault } from './google-errors.ts'
import { aboutNoSpreadsheet } from './google-client.ts'
import { clientDefaults } from './google-endpoints.ts'
import { faultOf } from './google-fault.ts'
import { sheetsScope } from './google-tokens.ts'
import type { OAuthClient } from './oauth-client.ts'

export interface Login {
  readonly email: string | undefined
  readonly refreshToken: string
  readonly scopes: readonly string[]
}

export interface LogInOptions {
  readonly client: OAuthClient
  /** Of this machine; any that is free where it is 0. */
  readonly port: number
  readonly signal: AbortSignal
  /** The person has to open this address. */
  readonly onAddress: (address: string, port: number) => void
}

/** Whom the login is of is told by `email`; what it may do is editing spreadsheets, and no more. */
const scopes = ['openid', 'email', sheetsScope]
const patience = 10 * 60_000

/** Throws SqlflowError `google-login-failed`, and the signal's reason. */
export async function logIn({ client, port, signal, onAddress }: LogInOptions): Promise<Login> {
  const state = randomBytes(24).toString('base64url')
  await using receiver = await receiveAnswer({ port, state, signal })
  const asked = new OAuth2Client({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri: `http://127.0.0.1:${receiver.port}`,
    endpoints: { oauth2AuthBaseUrl: client.authorizeUri, oauth2TokenUrl: client.tokenUri },
    useAuthRequestParameters: false,
    transporterOptions: clientDefaults(),
  })
  const { codeVerifier, codeChallenge } = await asked.generateCodeVerifierAsync()
  const address = asked.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent', // otherwise only the first login of a person comes with a refresh token
    scope: scopes,
    state,
    code_challenge: codeChallenge ?? '',
    code_challenge_method: CodeChallengeMethod.S256,
  })
  onAddress(address, receiver.port)
  const code = await receiver.code
  return readTokens(await exchange(asked, { code, codeVerifier }))
}

async function exchange(client: OAuth2Client, asked: { readonly code: string; readonly codeVerifier: string }): Promise<Credentials> {
  try {
    return (await client.getToken(asked)).tokens
  } catch (error) {
    const fault = faultOf(error, 'token', Date.now())
    if (!fault) throw error
    const facts: CallFacts = { ...aboutNoSpreadsheet, kind: 'read', account: 'this person', documents: '' }
    throw explainFault(fault, facts, 'refused')
  }
}

/** In the consent page, a person may untick what was asked for. */
function readTokens({ refresh_token: refreshToken, scope, id_token: idToken }: Credentials): Login {
  const granted = (scope ?? '').split(' ').filter((one) => one !== '')
  if (granted.length > 0 && !granted.includes(sheetsScope))
    throw failed('The permission to edit spreadsheets was not given.', 'Log in again, and leave it ticked.')
  if (!refreshToken)
    throw failed('Google gave no login that lasts.', 'Remove sqlflow at https://myaccount.google.com/connections, and log in again.')
  return { email: emailOf(idToken), refreshToken, scopes: granted }
}

function failed(message: string, hint: string): SqlflowError {
  return new SqlflowError('google-login-failed', message, { hint })
}

/** It came from Google itself, over TLS: its signature needs no look. */
function emailOf(idToken: string | null | undefined): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null && 'email' in claims && typeof claims.email === 'string' ? claims.email : undefined
  } catch {
    return undefined
  }
}

interface Receiver extends AsyncDisposable {
  readonly port: number
  /** Rejects where the person refused, or never answered. */
  readonly code: Promise<string>
}

async function receiveAnswer({
  port,
  state,
  signal,
}: {
  readonly port: number
  readonly state: string
  readonly signal: AbortSignal
}): Promise<Receiver> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  promise.catch(() => undefined)
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams
    const [code, refusal] = [query.get('code'), query.get('error')]
    if (query.get('state') !== state || (code === null && refusal === null))
      return answer(response, 404, 'Nothing is here. The page that logs you in is another.')
    if (code === null) {
      answer(response, 200, 'You did not log in. This page may be closed.')
      return reject(failed('Google was not allowed to log you in.', 'Run the command again, and allow it in the browser.'))
    }
    answer(response, 200, 'You are logged in. This page may be closed; the terminal goes on.')
    resolve(code)
  })
  await listen(server, port)
  const late = setTimeout(() => reject(failed('Nobody logged in within 10 minutes.', 'Run the command again.')), patience)
  const stop = (): void => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  return {
    port: (server.address() as AddressInfo).port,
    code: promise,
    [Symbol.asyncDispose]: async () => {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      const closed = new Promise((done) => server.close(done))
      server.closeIdleConnections()
      await closed
    },
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  const page = `<!doctype html><meta charset="utf-8"><title>sqlflow</title><body style="font: 18px system-ui; margin: 15vh auto; max-width: 30em">${text}`
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', connection: 'close' }).end(page)
}

async function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, '127.0.0.1', resolve)
  try {
    await promise
  } catch {
    throw failed(`The port ${port} of this machine is taken.`, 'Choose another by --port, or leave it out.')
  }
}
