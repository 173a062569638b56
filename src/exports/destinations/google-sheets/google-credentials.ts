/**
 * Credentials for Google, read from their JSON. What is wrong with them is said by where they came from and what is amiss, never by their
 * content: not even the position that a JSON parser quotes.
 */
import { createPrivateKey } from 'node:crypto'
import { SqlflowError } from '../../../core/errors.ts'
import { isSafe } from './google-endpoints.ts'

export interface ServiceAccountKey {
  readonly type: 'service_account'
  readonly email: string
  /** PEM. */
  readonly privateKey: string
  readonly keyId: string | undefined
  /** What an admin of a Workspace allows it by. */
  readonly clientId: string | undefined
  /** Where the key is exchanged for tokens; Google's own where absent. */
  readonly tokenUri: string | undefined
}

export interface UserLogin {
  readonly type: 'authorized_user'
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  readonly tokenUri: string | undefined
  /** Known of a login by `sqlflow auth google`; gcloud keeps none. */
  readonly email: string | undefined
  /** Project that calls are counted for. */
  readonly quotaProject: string | undefined
}

/** Workload identity federation: a token of GitHub, AWS or another issuer, exchanged for one of Google. */
export interface Federation {
  readonly type: 'external_account'
  /** The service account that it ends as. */
  readonly email: string | undefined
  readonly json: Readonly<Record<string, unknown>>
}

export interface ImpersonatedAccount {
  readonly type: 'impersonated_service_account'
  readonly email: string
  readonly source: ServiceAccountKey | UserLogin
  readonly url: string
  readonly delegates: readonly string[]
}

/** The account of the machine, on Google Cloud. */
export interface MachineAccount {
  readonly type: 'metadata'
}

export type GoogleCredentials = ServiceAccountKey | UserLogin | Federation | ImpersonatedAccount | MachineAccount

type Json = Readonly<Record<string, unknown>>

/** `from` begins a sentence: "`SQLFLOW_GOOGLE_CREDENTIALS`", "The file key.json, ...". Throws SqlflowError `bad-google-credentials`. */
export function parseGoogleCredentials(text: string, from: string): GoogleCredentials {
  return readCredentials(parseJson(text, from), from)
}

export function badCredentials(from: string, what: string, hint: string): SqlflowError {
  return new SqlflowError('bad-google-credentials', `${from} ${what}.`, { hint })
}

const makeAnother = 'Copy the whole JSON file that Google gave, or make a new key; docs/google-accounts.md shows where.'

function parseJson(text: string, from: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badCredentials(from, 'holds no valid JSON: it was probably cut off, or its quotes were lost', makeAnother)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badCredentials(from, 'holds no JSON object', makeAnother)
  return value as Json
}

function readCredentials(json: Json, from: string): GoogleCredentials {
  switch (json['type']) {
    case 'service_account':
      return readServiceAccount(json, from)
    case 'authorized_user':
      return readUserLogin(json, from)
    case 'external_account':
      return readFederation(json, from)
    case 'impersonated_service_account':
      return readImpersonated(json, from)
    default:
      throw unknownType(json, from)
  }
}

function unknownType(json: Json, from: string): SqlflowError {
  if ('installed' in json || 'web' in json) {
    const hint = 'Log in with it: sqlflow auth google --client-file FILE'
    return badCredentials(from, 'is an OAuth client, which logs people in, and no account', hint)
  }
  const known = 'service_account, external_account, authorized_user or impersonated_service_account'
  return badCredentials(from, `has no \`type\` that is known (${known})`, makeAnother)
}

function readServiceAccount(json: Json, from: string): ServiceAccountKey {
  return {
    type: 'service_account',
    email: textOf(json, 'client_email', from),
    privateKey: readPrivateKey(textOf(json, 'private_key', from), from),
    keyId: optionalText(json, 'private_key_id'),
    clientId: optionalText(json, 'client_id'),
    tokenUri: readUrl(json, 'token_uri', from),
  }
}

/** A key that went through a shell or a form often has `\n` in two characters. */
function readPrivateKey(text: string, from: string): string {
  const pem = text.includes('\n') ? text : text.replaceAll(String.raw`\n`, '\n')
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    throw badCredentials(from, 'holds a private key that is no valid PEM: it was probably pasted with \\n escaped, or cut off', makeAnother)
  }
}

function readUserLogin(json: Json, from: string): UserLogin {
  return {
    type: 'authorized_user',
    clientId: textOf(json, 'client_id', from),
    clientSecret: textOf(json, 'client_secret', from),
    refreshToken: textOf(json, 'refresh_token', from),
    tokenUri: readUrl(json, 'token_uri', from),
    email: optionalText(json, 'account'),
    quotaProject: optionalText(json, 'quota_project_id'),
  }
}

function readFederation(json: Json, from: string): Federation {
  textOf(json, 'audience', from)
  textOf(json, 'subject_token_type', from)
  readUrl(json, 'token_url', from)
  if (typeof json['credential_source'] !== 'object' || json['credential_source'] === null) throw missing('credential_source', from)
  const url = readUrl(json, 'service_account_impersonation_url', from)
  return { type: 'external_account', email: url === undefined ? undefined : accountOf(url), json }
}

function readImpersonated(json: Json, from: string): ImpersonatedAccount {
  const url = readUrl(json, 'service_account_impersonation_url', from)
  const email = url === undefined ? undefined : accountOf(url)
  if (url === undefined || email === undefined) throw missing('service_account_impersonation_url', from)
  const given = json['source_credentials']
  if (typeof given !== 'object' || given === null) throw missing('source_credentials', from)
  const source = readCredentials(given as Json, from)
  if (source.type !== 'service_account' && source.type !== 'authorized_user') {
    throw badCredentials(from, 'impersonates from `source_credentials` that are neither a key nor a login', makeAnother)
  }
  const delegates = Array.isArray(json['delegates']) ? json['delegates'].filter((one) => typeof one === 'string') : []
  return { type: 'impersonated_service_account', email, source, url, delegates }
}

/** `.../serviceAccounts/exports@field.iam.gserviceaccount.com:generateAccessToken`. */
function accountOf(url: string): string | undefined {
  return /serviceAccounts\/([^/:]+):generateAccessToken$/.exec(decodeURIComponent(url))?.[1]
}

function textOf(json: Json, key: string, from: string): string {
  const value = optionalText(json, key)
  if (value === undefined) throw missing(key, from)
  return value
}

function missing(key: string, from: string): SqlflowError {
  return badCredentials(from, `lacks \`${key}\``, makeAnother)
}

function optionalText(json: Json, key: string): string | undefined {
  const value = json[key]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function readUrl(json: Json, key: string, from: string): string | undefined {
  const value = optionalText(json, key)
  if (value === undefined) return undefined
  if (!URL.canParse(value)) throw badCredentials(from, `has a \`${key}\` that is no URL`, makeAnother)
  if (!isSafe(new URL(value))) throw badCredentials(from, `has a \`${key}\` that does not begin with https://`, makeAnother)
  return value
}

/** What must be masked wherever text leaves the program. */
export function secretsOfCredentials(credentials: GoogleCredentials): readonly string[] {
  switch (credentials.type) {
    case 'service_account':
      return [credentials.privateKey]
    case 'authorized_user':
      return [credentials.clientSecret, credentials.refreshToken]
    case 'impersonated_service_account':
      return secretsOfCredentials(credentials.source)
    case 'external_account':
      return typeof credentials.json['client_secret'] === 'string' ? [credentials.json['client_secret']] : []
    case 'metadata':
      return []
    default:
      return credentials satisfies never
  }
}
