/** Accounts that the emulator knows: keys that it made itself, and tokens that it gave for them. */
import { createHash, createPrivateKey, createPublicKey, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto'

export interface ServiceAccountKey {
  readonly type: 'service_account'
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly client_id: string
  readonly token_uri: string
}

interface Token {
  readonly email: string
  readonly scopes: readonly string[]
  readonly expires: number
}

/** What the endpoint for tokens answers. */
export interface TokenAnswer {
  readonly status: number
  readonly body: unknown
}

export interface Accounts {
  /** A service account, made where it is not there yet. */
  serviceAccount(name?: string): ServiceAccountKey
  /** Takes a key that an earlier emulator made. */
  restore(key: ServiceAccountKey): void
  /** Its tokens are refused from now on, as after its key was deleted. */
  remove(email: string): void
  token(parameters: URLSearchParams): TokenAnswer
  /** The email of whom a token was given to, with its scopes; undefined for one that is unknown or over. */
  find(authorization: string | undefined): Token | undefined
  /** Every token that was given is over. */
  expireTokens(): void
}

const lifetime = 3600

interface AccountOptions {
  readonly url: string
  readonly now: () => number
}

export function createAccounts({ url, now }: AccountOptions): Accounts {
  const keys = new Map<string, ServiceAccountKey>()
  const tokens = new Map<string, Token>()
  const give = (email: string, scopes: readonly string[]): TokenAnswer => {
    const token = `ya29.${randomBytes(24).toString('base64url')}`
    tokens.set(token, { email, scopes, expires: now() + lifetime * 1000 })
    return { status: 200, body: { access_token: token, expires_in: lifetime, token_type: 'Bearer', scope: scopes.join(' ') } }
  }
  const byAssertion = (assertion: string): TokenAnswer => {
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    const claim = readJson(claims)
    const email = String(claim['iss'] ?? '')
    const key = keys.get(email)
    if (!key) return refused('invalid_grant', 'Invalid grant: account not found')
    const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`)
    const isSigned = verifier.verify(createPublicKey(createPrivateKey(key.private_key)), Buffer.from(signature, 'base64url'))
    if (!isSigned) return refused('invalid_grant', 'Invalid JWT Signature.')
    if (claim['aud'] !== `${url}token`)
      return refused('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${url}token`)
    const seconds = now() / 1000
    const [issued, expires] = [Number(claim['iat']), Number(claim['exp'])]
    if (!(issued <= seconds + 60 && expires > seconds && expires - issued <= lifetime)) {
      return refused(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      )
    }
    const scopes = String(claim['scope'] ?? '')
      .split(' ')
      .filter(Boolean)
    if (scopes.length === 0) return refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
    const subject = claim['sub']
    if (typeof subject === 'string' && subject !== email) {
      return refused(
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
        401,
      )
    }
    return give(email, scopes)
  }
  return {
    serviceAccount: (name = 'sqlflow') => {
      const email = `${name}@emulator.iam.gserviceaccount.com`
      const key = keys.get(email) ?? createKey(email, url)
      keys.set(email, key)
      return key
    },
    restore: (key) => {
      keys.set(key.client_email, { ...key, token_uri: `${url}token` })
    },
    remove: (email) => {
      keys.delete(email)
    },
    token: (parameters) => {
      const grant = parameters.get('grant_type')
      if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return byAssertion(parameters.get('assertion') ?? '')
      return refused('unsupported_grant_type', `Invalid grant_type: ${grant}`)
    },
    find: (authorization) => {
      const token = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '')
      return token && token.expires > now() ? token : undefined
    },
    expireTokens: () => tokens.clear(),
  }
}

function refused(error: string, description: string, status = 400): TokenAnswer {
  return { status, body: { error, error_description: description } }
}

function readJson(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return {}
  }
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
