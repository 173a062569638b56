/** Accounts that the emulator knows: keys that it made itself, logins that people allowed, and tokens that it gave for them. */
import { createHash, createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto'
import { ApiError } from './api-error.ts'
import { isObject, listIn, numberIn, textIn, type JsonObject } from './json.ts'

export interface ServiceAccountKey {
  readonly type: 'service_account'
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly client_id: string
  readonly token_uri: string
}

export interface Account {
  readonly email: string
  /** Of a machine: it owns no files. */
  readonly isRobot: boolean
}

interface Token extends Account {
  readonly scopes: readonly string[]
  readonly expires: number
}

/** What a person allowed an app. */
export interface Login {
  readonly refreshToken: string
  readonly email: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** What a person is asked, once they allowed it. */
export interface Consent {
  readonly email: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** PKCE, S256; undefined where the app sent none. */
  readonly challenge: string | undefined
}

/** What the endpoints for tokens answer. */
export interface TokenAnswer {
  readonly status: number
  readonly body: JsonObject
}

export interface Accounts {
  /** A service account, made where it is not there yet. */
  serviceAccount(name?: string): ServiceAccountKey
  readonly keys: () => readonly ServiceAccountKey[]
  readonly logins: () => readonly Login[]
  /** Takes keys and logins that an earlier emulator gave. */
  restore(kept: { readonly keys: readonly ServiceAccountKey[]; readonly logins: readonly Login[] }): void
  /** Its tokens are refused from now on, as after its key was deleted. */
  remove(email: string): void
  /** Domain-wide delegation: the service account may act for these people. */
  delegate(email: string, subjects: readonly string[]): void
  /** A code that the app exchanges, once. */
  allow(consent: Consent): string
  /** `/token` */
  token(parameters: URLSearchParams): TokenAnswer
  /** `/v1/token` of the service for federation: a token of somebody else's for one of Google's. */
  exchange(parameters: URLSearchParams): TokenAnswer
  /** `generateAccessToken` and `signJwt` of a service account, for who may act as it. Throws ApiError. */
  act(email: string, method: string, body: JsonObject, authorization: string | undefined): JsonObject
  revoke(token: string): TokenAnswer
  tokenInfo(token: string): TokenAnswer
  /** Whom a token was given to; undefined for one that is unknown or over. */
  find(authorization: string | undefined): Token | undefined
  /** Every token that was given is over. */
  expireTokens(): void
}

const lifetime = 3600
const scopeRoot = 'https://www.googleapis.com/auth/'

interface AccountOptions {
  readonly url: string
  readonly now: () => number
  /** Called when there is a key or a login more, or less. */
  readonly onChange?: () => void
}

export function createAccounts({ url, now, onChange = () => undefined }: AccountOptions): Accounts {
  const keys = new Map<string, ServiceAccountKey>()
  const logins = new Map<string, Login>()
  const codes = new Map<string, Consent>()
  const tokens = new Map<string, Token>()
  const delegated = new Map<string, readonly string[]>()

  const give = (account: Account, scopes: readonly string[]): string => {
    const token = `ya29.${randomBytes(24).toString('base64url')}`
    tokens.set(token, { ...account, scopes, expires: now() + lifetime * 1000 })
    return token
  }
  const granted = (account: Account, scopes: readonly string[], more: JsonObject = {}): TokenAnswer => ({
    status: 200,
    body: { access_token: give(account, scopes), expires_in: lifetime, scope: scopes.join(' '), token_type: 'Bearer', ...more },
  })

  const byAssertion = (assertion: string): TokenAnswer => {
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    const claim = readPart(claims)
    const email = textIn(claim, 'iss') ?? ''
    const key = keys.get(email)
    if (!key) return refused('invalid_grant', 'Invalid grant: account not found')
    const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`)
    if (!verifier.verify(createPublicKey(createPrivateKey(key.private_key)), Buffer.from(signature, 'base64url')))
      return refused('invalid_grant', 'Invalid JWT Signature.')
    if (textIn(claim, 'aud') !== `${url}token`)
      return refused('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${url}token`)
    if (!isShortLived(claim, now() / 1000)) {
      return refused(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      )
    }
    const scopes = words(textIn(claim, 'scope'))
    if (scopes.length === 0) return refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
    const subject = textIn(claim, 'sub') ?? email
    if (subject === email) return granted({ email, isRobot: true }, scopes)
    if (delegated.get(email)?.includes(subject) === true) return granted({ email: subject, isRobot: false }, scopes)
    return refused(
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      401,
    )
  }
  const byCode = (parameters: URLSearchParams): TokenAnswer => {
    const code = parameters.get('code') ?? ''
    const consent = codes.get(code)
    codes.delete(code)
    if (!consent || consent.clientId !== parameters.get('client_id')) return refused('invalid_grant', 'Malformed auth code.')
    if (consent.redirectUri !== parameters.get('redirect_uri')) return refused('redirect_uri_mismatch', 'Bad Request')
    const verifier = parameters.get('code_verifier')
    if (consent.challenge !== undefined && (verifier === null || challengeOf(verifier) !== consent.challenge))
      return refused('invalid_grant', verifier === null ? 'Missing code verifier.' : 'Invalid code verifier.')
    const { email, clientId, scopes } = consent
    const refreshToken = `1//${randomBytes(32).toString('base64url')}`
    logins.set(refreshToken, { refreshToken, email, clientId, scopes })
    onChange()
    const idToken = scopes.includes('openid') && {
      id_token: unsignedJwt({ iss: url, aud: clientId, sub: email, email, email_verified: true }),
    }
    return granted({ email, isRobot: false }, scopes, { refresh_token: refreshToken, ...idToken })
  }
  const byRefresh = (parameters: URLSearchParams): TokenAnswer => {
    const login = logins.get(parameters.get('refresh_token') ?? '')
    if (!login) return refused('invalid_grant', 'Token has been expired or revoked.')
    if (login.clientId !== parameters.get('client_id')) return refused('unauthorized_client', 'Unauthorized', 401)
    return granted({ email: login.email, isRobot: false }, login.scopes)
  }
  const find = (token: string | undefined): Token | undefined => {
    const found = tokens.get(token ?? '')
    return found && found.expires > now() ? found : undefined
  }
  const bearerOf = (authorization: string | undefined): Token | undefined => find(/^Bearer (.+)$/.exec(authorization ?? '')?.[1])

  return {
    serviceAccount: (name = 'sqlflow') => {
      const email = `${name}@emulator.iam.gserviceaccount.com`
      const known = keys.get(email)
      if (known) return known
      const key = createKey(email, url)
      keys.set(email, key)
      onChange()
      return key
    },
    keys: () => [...keys.values()],
    logins: () => [...logins.values()],
    restore: (kept) => {
      for (const key of kept.keys) keys.set(key.client_email, { ...key, token_uri: `${url}token` })
      for (const login of kept.logins) logins.set(login.refreshToken, login)
    },
    remove: (email) => {
      keys.delete(email)
      for (const [token, login] of logins) if (login.email === email) logins.delete(token)
      onChange()
    },
    delegate: (email, subjects) => void delegated.set(email, subjects),
    allow: (consent) => {
      const code = `4/${randomBytes(32).toString('base64url')}`
      codes.set(code, consent)
      return code
    },
    token: (parameters) => {
      const grant = parameters.get('grant_type')
      if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return byAssertion(parameters.get('assertion') ?? '')
      if (grant === 'authorization_code') return byCode(parameters)
      if (grant === 'refresh_token') return byRefresh(parameters)
      return refused('unsupported_grant_type', `Invalid grant_type: ${grant ?? ''}`)
    },
    exchange: (parameters) => {
      if (parameters.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:token-exchange')
        return refused('unsupported_grant_type', `Invalid grant_type: ${parameters.get('grant_type') ?? ''}`)
      const audience = parameters.get('audience') ?? ''
      const pool = /^\/\/iam\.googleapis\.com\/(.+)\/providers\/[^/]+$/.exec(audience)?.[1]
      if (pool === undefined) return refused('invalid_target', `Invalid value for "audience": ${audience}`)
      const given = parameters.get('subject_token') ?? ''
      const subject = textIn(readPart(given.split('.')[1] ?? ''), 'sub')
      if (subject === undefined) return refused('invalid_grant', 'The subject token is no JWT with a subject.')
      const scopes = words(parameters.get('scope'))
      const { status, body } = granted({ email: `principal://iam.googleapis.com/${pool}/subject/${subject}`, isRobot: true }, scopes)
      return { status, body: { ...body, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' } }
    },
    act: (email, method, body, authorization) => {
      const caller = bearerOf(authorization)
      if (!caller) throw new ApiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
      if (!caller.scopes.some((scope) => scope === `${scopeRoot}iam` || scope === `${scopeRoot}cloud-platform`))
        throw new ApiError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.')
      const key = keys.get(email)
      const permission = method === 'signJwt' ? 'signJwt' : 'getAccessToken'
      if (!key) {
        throw new ApiError(
          403,
          'PERMISSION_DENIED',
          `Permission 'iam.serviceAccounts.${permission}' denied on resource (or it may not exist).`,
        )
      }
      if (method === 'signJwt') return { keyId: key.private_key_id, signedJwt: signJwt(key, textIn(body, 'payload') ?? '') }
      const scopes = listIn(body, 'scope').filter((one) => typeof one === 'string')
      if (scopes.length === 0) throw new ApiError(400, 'INVALID_ARGUMENT', 'Request must contain at least one scope.')
      const accessToken = give({ email, isRobot: true }, scopes)
      return { accessToken, expireTime: new Date(now() + lifetime * 1000).toISOString() }
    },
    revoke: (token) => {
      const isKnown = tokens.delete(token) || logins.delete(token)
      onChange()
      return isKnown ? { status: 200, body: {} } : refused('invalid_token', 'Token expired or revoked')
    },
    tokenInfo: (token) => {
      const found = find(token)
      if (!found) return refused('invalid_token', 'Invalid Value')
      const { email, scopes, expires } = found
      return { status: 200, body: { scope: scopes.join(' '), expires_in: String(Math.round((expires - now()) / 1000)), email } }
    },
    find: bearerOf,
    expireTokens: () => tokens.clear(),
  }
}

/** Of PKCE: what an app sends ahead of its verifier. */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

function isShortLived(claim: JsonObject, seconds: number): boolean {
  const [issued = Infinity, expires = 0] = [numberIn(claim, 'iat'), numberIn(claim, 'exp')]
  return issued <= seconds + 60 && expires > seconds && expires - issued <= lifetime
}

function words(text: string | null | undefined): readonly string[] {
  return (text ?? '').split(' ').filter((one) => one !== '')
}

function refused(error: string, description: string, status = 400): TokenAnswer {
  return { status, body: { error, error_description: description } }
}

function readPart(part: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function unsignedJwt(claims: object): string {
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`
}

function signJwt(key: ServiceAccountKey, payload: string): string {
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT', kid: key.private_key_id })}.${Buffer.from(payload).toString('base64url')}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.private_key, 'base64url')}`
}

function createKey(email: string, url: string): ServiceAccountKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    type: 'service_account',
    project_id: 'emulator',
    private_key_id: randomBytes(20).toString('hex'),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: email,
    client_id: String(createHash('sha256').update(email).digest().readUInt32BE(0)),
    token_uri: `${url}token`,
  }
}
