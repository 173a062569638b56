/** `POST /token`: grants for access tokens, verified as Google verifies them. Errors are flat: `{ error, error_description }`. */
import { randomBytes, verify } from 'node:crypto'
import { GoogleError } from '../model/google-error.ts'
import { isObject } from '../model/field-mask.ts'
import type { JsonObject } from '../model/spreadsheet.ts'
import type { Account } from '../world/account.ts'
import type { World } from '../world/world.ts'
import { readForm, type ApiReply, type ApiRequest } from './exchange.ts'

export function tokenError(code: number, error: string, description: string): GoogleError {
  return new GoogleError(description, { code, status: error, body: { error, error_description: description } })
}

export const tokenSeconds = 3600

/** An access token that the APIs take from now on. */
export function issueToken(world: World, account: Account, scopes: readonly string[], seconds = tokenSeconds): string {
  const token = `ya29.${randomBytes(24).toString('base64url')}`
  world.tokens.set(token, { account, scopes, expires: world.now() + seconds * 1000 })
  return token
}

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export function grantForJwt(world: World, request: ApiRequest): ApiReply {
  const { header, claims, signed, signature } = parseJwt(readForm(request).get('assertion') ?? '')
  const account = world.accounts.get(text(claims['iss']))
  if (account?.kind !== 'service') throw tokenError(400, 'invalid_grant', 'Invalid grant: account not found')
  checkAudience(claims, request)
  checkTimes(claims, world.now() / 1000)
  const key = account.keys.get(text(header['kid'])) ?? (header['kid'] === undefined ? [...account.keys.values()][0] : undefined)
  if (header['alg'] !== 'RS256' || !key || !verify('RSA-SHA256', Buffer.from(signed), key, signature))
    throw tokenError(400, 'invalid_grant', 'Invalid JWT Signature.')
  const scopes = text(claims['scope'])
    .split(' ')
    .filter((scope) => scope !== '')
  if (scopes.length === 0) throw tokenError(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
  const acting = actAs(world, account, claims['sub'], scopes)
  return { status: 200, body: { access_token: issueToken(world, acting, scopes), expires_in: tokenSeconds - 1, token_type: 'Bearer' } }
}

/** Domain-wide delegation: only in scopes that an admin allowed. */
function actAs(world: World, account: Account, subject: unknown, scopes: readonly string[]): Account {
  if (subject === undefined || subject === account.email) return account
  if (!scopes.every((scope) => account.delegated.includes(scope))) {
    throw tokenError(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    )
  }
  const user = world.accounts.get(text(subject))
  if (!user) throw tokenError(400, 'invalid_grant', 'Invalid email or User ID')
  return { ...user, project: account.project }
}

interface ParsedJwt {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly signed: string
  readonly signature: Buffer
}

export function parseJwt(assertion: string): ParsedJwt {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const parsedHeader = parsePart(header)
  const parsedClaims = parsePart(claims)
  if (!parsedHeader || !parsedClaims) throw tokenError(400, 'invalid_grant', 'Bad Request')
  return { header: parsedHeader, claims: parsedClaims, signed: `${header}.${claims}`, signature: Buffer.from(signature, 'base64url') }
}

function parsePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function checkAudience({ aud }: JsonObject, { url }: ApiRequest): void {
  if (aud === `${url}token` || aud === 'https://oauth2.googleapis.com/token') return
  throw tokenError(400, 'invalid_grant', 'Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token')
}

const allowedSkew = 300

function checkTimes({ iat, exp }: JsonObject, now: number): void {
  const issued = Number(iat)
  const expires = Number(exp)
  if (issued <= now + allowedSkew && expires > now - allowedSkew && expires > issued && expires - issued <= 3600) return
  throw tokenError(
    400,
    'invalid_grant',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  )
}
