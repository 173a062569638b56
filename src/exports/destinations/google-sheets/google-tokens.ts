/** Tokens for an account, each kind by its own way. A token is asked for with the smallest scope that does: editing the spreadsheets shared with the account. */
import { sign } from 'node:crypto'
import type * as GoogleAuthLibrary from 'google-auth-library'
import type {
  AuthClient,
  AwsClientOptions,
  BaseExternalAccountClient,
  IdentityPoolClientOptions,
  PluggableAuthClientOptions,
} from 'google-auth-library'
import type { GoogleAccount } from './find-account.ts'
import { badCredentials, type GoogleCredentials, type ServiceAccountKey, type UserLogin } from './google-credentials.ts'
import { faultOf } from './google-fault.ts'
import { tokenInfoUrl, type GoogleEndpoints } from './google-endpoints.ts'

/** Life of a token, where nothing says it. */
const hour = 3_600_000

type Library = typeof GoogleAuthLibrary
type Transporter = AuthClient['transporter']

export const sheetsScope = 'https://www.googleapis.com/auth/spreadsheets'
/** What a token must hold to be exchanged for that of another account. */
const actAsScope = 'https://www.googleapis.com/auth/iam'

export interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

export interface TokenSource {
  /** Asks for another token each time. */
  readonly fetch: () => Promise<Token>
  /** Whom a spreadsheet is shared with; `token` gives one that is valid. */
  readonly findEmail: (token: () => Promise<string>) => Promise<string>
}

interface Asking {
  readonly library: Library
  readonly transporter: Transporter
  readonly endpoints: GoogleEndpoints
}

/** Throws SqlflowError `bad-google-credentials` for an account that can have none. */
export function tokenSource(account: GoogleAccount, asking: Asking): TokenSource {
  const { credentials, impersonate, subject } = account
  const acting = impersonate ?? (subject === undefined ? undefined : actingAccount(account))
  if (credentials.type === 'service_account' && impersonate === undefined) {
    return { fetch: () => exchangeKey(credentials, [sheetsScope], subject, asking), findEmail: async () => subject ?? credentials.email }
  }
  if (acting !== undefined) {
    const own = (): Promise<Token> => ownToken(credentials, [actAsScope], asking)
    if (subject !== undefined) return { fetch: () => actFor(subject, acting, own, asking), findEmail: async () => subject }
    return { fetch: () => actAs(acting, own, asking), findEmail: async () => acting }
  }
  refuseUnshareable(account)
  return {
    fetch: () => ownToken(credentials, [sheetsScope], asking),
    findEmail: (token) => emailOf(credentials, token, asking),
  }
}

/** The service account that the credentials end as, which acts for a person. */
function actingAccount({ credentials, from }: GoogleAccount): string | undefined {
  if (credentials.type === 'external_account' || credentials.type === 'impersonated_service_account') {
    if (credentials.email !== undefined) return credentials.email
  }
  if (credentials.type === 'service_account') return undefined
  throw badCredentials(
    '`google.subject` of sqlflow.yml',
    `needs a service account, and ${from} gives none`,
    'Name it by `google.impersonate`.',
  )
}

/** A federated identity is no account that a spreadsheet could be shared with. */
function refuseUnshareable({ credentials, from }: GoogleAccount): void {
  if (credentials.type !== 'external_account' || credentials.email !== undefined) return
  throw badCredentials(
    from,
    'federates without a service account, which no spreadsheet can be shared with',
    'Give `service_account` to google-github-actions/auth, or name one by `google.impersonate` in sqlflow.yml.',
  )
}

async function ownToken(credentials: GoogleCredentials, scopes: readonly string[], asking: Asking): Promise<Token> {
  switch (credentials.type) {
    case 'service_account':
      return exchangeKey(credentials, scopes, undefined, asking)
    case 'authorized_user':
      return refreshLogin(credentials, asking)
    case 'external_account':
      return federate(credentials.json, scopes, asking)
    case 'impersonated_service_account': {
      const { source, url, delegates } = credentials
      return generateToken({ url, delegates, scopes }, () => ownToken(source, [actAsScope], asking), asking)
    }
    case 'metadata':
      return machineToken(scopes, asking)
    default:
      return credentials satisfies never
  }
}

interface TokenAnswer {
  readonly access_token: string
  readonly expires_in?: number
}

/** Signs with the key itself: Google's library asks its own address whatever the key says (`token_uri`). */
function exchangeKey(key: ServiceAccountKey, scopes: readonly string[], subject: string | undefined, asking: Asking): Promise<Token> {
  const tokenUri = key.tokenUri ?? asking.endpoints.token
  const header = { alg: 'RS256', typ: 'JWT', ...(key.keyId !== undefined && { kid: key.keyId }) }
  const signed = [header, claimsOf(key.email, tokenUri, scopes, subject)].map(encode).join('.')
  const signature = sign('RSA-SHA256', Buffer.from(signed), key.privateKey).toString('base64url')
  return askToken(tokenUri, { grant_type: jwtBearer, assertion: `${signed}.${signature}` }, asking)
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

function claimsOf(issuer: string, audience: string, scopes: readonly string[], subject: string | undefined): object {
  const now = Math.floor(Date.now() / 1000)
  return { iss: issuer, ...(subject !== undefined && { sub: subject }), scope: scopes.join(' '), aud: audience, iat: now, exp: now + 3600 }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function refreshLogin(login: UserLogin, asking: Asking): Promise<Token> {
  const { clientId, clientSecret, refreshToken, tokenUri = asking.endpoints.token } = login
  return askToken(
    tokenUri,
    { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken },
    asking,
  )
}

async function askToken(url: string, form: Readonly<Record<string, string>>, { transporter }: Asking): Promise<Token> {
  const { data } = await transporter.request<TokenAnswer>({ url, method: 'POST', data: new URLSearchParams(form), ...onceAsJson })
  return { value: data.access_token, expires: Date.now() + (data.expires_in ?? hour / 1000) * 1000 }
}

/** Trying again is this project's own matter, and a token that takes a minute does not come. */
const onceAsJson = { responseType: 'json', retry: false, timeout: 60_000 } as const

async function federate(json: Readonly<Record<string, unknown>>, scopes: readonly string[], { library }: Asking): Promise<Token> {
  try {
    const client = federatedClient(json, scopes, library)
    const { token } = await client.getAccessToken()
    if (token) return { value: token, expires: client.credentials.expiry_date ?? Date.now() + hour }
  } catch (error) {
    if (error instanceof library.gaxios.GaxiosError) throw error
  }
  const hint = 'On GitHub the job needs `permissions: id-token: write`, and google-github-actions/auth before sqlflow, in the same job.'
  throw badCredentials('The federated credentials', 'gave no token: what `credential_source` names is not there, or of another form', hint)
}

/** By the kind of the source, as the library's `fromJSON` does, which prints a warning. What it is given, the library checks. */
function federatedClient(json: Readonly<Record<string, unknown>>, scopes: readonly string[], library: Library): BaseExternalAccountClient {
  const source = json['credential_source'] as Readonly<Record<string, unknown>>
  const options: unknown = { ...json, scopes: [...scopes], useAuthRequestParameters: false }
  if ('environment_id' in source) return new library.AwsClient(options as AwsClientOptions)
  if ('executable' in source) return new library.PluggableAuthClient(options as PluggableAuthClientOptions)
  return new library.IdentityPoolClient(options as IdentityPoolClientOptions)
}

async function machineToken(scopes: readonly string[], { library }: Asking): Promise<Token> {
  const client = new library.Compute({ scopes: [...scopes], useAuthRequestParameters: false })
  try {
    const { token } = await client.getAccessToken()
    if (token) return { value: token, expires: client.credentials.expiry_date ?? Date.now() + hour }
  } catch (error) {
    if (faultOf(error, 'token', Date.now())?.status === undefined) {
      const hint = 'Unset `metadata`, and log in or give a key.'
      throw badCredentials('The account of this machine', 'cannot be asked for: it is no machine on Google Cloud', hint)
    }
  }
  const hint = 'Give the machine a service account, with the scope for spreadsheets.'
  throw badCredentials('The account of this machine', 'has no token', hint)
}

function accountUrl(account: string, method: string, { endpoints }: Asking): string {
  return new URL(`v1/projects/-/serviceAccounts/${account}:${method}`, endpoints.iamCredentials).href
}

function actAs(account: string, own: () => Promise<Token>, asking: Asking): Promise<Token> {
  return generateToken({ url: accountUrl(account, 'generateAccessToken', asking), delegates: [], scopes: [sheetsScope] }, own, asking)
}

interface Generation {
  readonly url: string
  readonly delegates: readonly string[]
  readonly scopes: readonly string[]
}

async function generateToken(generation: Generation, own: () => Promise<Token>, { transporter }: Asking): Promise<Token> {
  const { url, delegates, scopes } = generation
  const { data } = await transporter.request<{ readonly accessToken: string; readonly expireTime: string }>({
    url,
    method: 'POST',
    headers: { authorization: `Bearer ${(await own()).value}` },
    data: { scope: scopes, lifetime: '3600s', ...(delegates.length > 0 && { delegates }) },
    ...onceAsJson,
  })
  return { value: data.accessToken, expires: Date.parse(data.expireTime) }
}

/** Domain-wide delegation without a key: Google signs for the service account. */
async function actFor(subject: string, account: string, own: () => Promise<Token>, asking: Asking): Promise<Token> {
  const { transporter, endpoints } = asking
  const claims = claimsOf(account, endpoints.token, [sheetsScope], subject)
  const { data } = await transporter.request<{ readonly signedJwt: string }>({
    url: accountUrl(account, 'signJwt', asking),
    method: 'POST',
    headers: { authorization: `Bearer ${(await own()).value}` },
    data: { payload: JSON.stringify(claims) },
    ...onceAsJson,
  })
  return askToken(endpoints.token, { grant_type: jwtBearer, assertion: data.signedJwt }, asking)
}

async function emailOf(credentials: GoogleCredentials, token: () => Promise<string>, asking: Asking): Promise<string> {
  switch (credentials.type) {
    case 'service_account':
    case 'impersonated_service_account':
      return credentials.email
    case 'external_account':
      return credentials.email ?? 'the federated account'
    case 'metadata':
      return String(await asking.library.gcpMetadata.instance('service-accounts/default/email'))
    case 'authorized_user':
      return (
        credentials.email ??
        (await askEmail(credentials.tokenUri ?? asking.endpoints.token, await token(), asking)) ??
        'the Google login of this machine'
      )
    default:
      return credentials satisfies never
  }
}

/** Undefined where the login does not let its address be known. */
async function askEmail(tokenUri: string, token: string, { transporter }: Asking): Promise<string | undefined> {
  try {
    const { data } = await transporter.request<{ readonly email?: string }>({
      url: tokenInfoUrl(tokenUri),
      method: 'POST',
      data: new URLSearchParams({ access_token: token }),
      ...onceAsJson,
    })
    return data.email
  } catch {
    return undefined
  }
}
