/**
 * The OAuth client that a person logs in through: a "Desktop app" of a Google Cloud project of their own. sqlflow ships none, since the secret
 * of one that ships is no secret, and Google would count all of its users' calls as one project's.
 */
import { SqlflowError } from '../../../core/errors.ts'
import { isSafe, type GoogleEndpoints } from './google-endpoints.ts'

export interface OAuthClient {
  readonly id: string
  readonly secret: string
  readonly authorizeUri: string
  readonly tokenUri: string
}

const howToMake =
  'Make one at https://console.cloud.google.com/auth/clients: Create client, Desktop app, Download JSON; then run: sqlflow auth google --client-file FILE. docs/google-accounts.md shows each step.'

export interface GivenClient {
  /** The text of the file that Google offers for download, and its name. */
  readonly file?: { readonly name: string; readonly text: string } | undefined
  readonly id?: string | undefined
  readonly secret?: string | undefined
}

/** Throws SqlflowError `no-oauth-client` where there is none, or none that can be used. */
export function readOAuthClient({ file, id, secret }: GivenClient, endpoints: GoogleEndpoints): OAuthClient {
  if (file) return readClientFile(file, endpoints)
  if (id && secret) return { id, secret, authorizeUri: endpoints.authorize, tokenUri: endpoints.token }
  if (id || secret) throw noClient(`${id ? 'SQLFLOW_GOOGLE_CLIENT_SECRET' : 'SQLFLOW_GOOGLE_CLIENT_ID'} is not set, and the other is.`)
  throw noClient('Logging in to Google needs an OAuth client of yours, and none is given.')
}

function noClient(message: string, hint = howToMake): SqlflowError {
  return new SqlflowError('no-oauth-client', message, { hint })
}

interface ClientFile {
  readonly installed?: Readonly<Record<string, unknown>>
  readonly web?: unknown
  readonly type?: unknown
}

function readClientFile({ name, text }: { readonly name: string; readonly text: string }, endpoints: GoogleEndpoints): OAuthClient {
  const { installed, web, type } = parseClient(name, text)
  if (web !== undefined) throw noClient(`${name} is an OAuth client for a web application; a desktop app is needed.`)
  if (type !== undefined) {
    const hint = 'It is used without logging in: set GOOGLE_APPLICATION_CREDENTIALS to the path of this file.'
    throw noClient(`${name} is an account, and no OAuth client.`, hint)
  }
  const { client_id: id, client_secret: secret, auth_uri: authorizeUri, token_uri: tokenUri } = installed ?? {}
  if (typeof id !== 'string' || typeof secret !== 'string') throw noClient(`${name} lacks \`client_id\` and \`client_secret\`.`)
  return { id, secret, authorizeUri: addressOf(authorizeUri, endpoints.authorize), tokenUri: addressOf(tokenUri, endpoints.token) }
}

function parseClient(name: string, text: string): ClientFile {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // as for what is no object
  }
  throw noClient(`${name} holds no JSON object.`)
}

function addressOf(given: unknown, usual: string): string {
  return typeof given === 'string' && URL.canParse(given) && isSafe(new URL(given)) ? given : usual
}
